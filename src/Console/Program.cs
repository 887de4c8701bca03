using RealtimeWa;

return await Product.RunAsync(args);
