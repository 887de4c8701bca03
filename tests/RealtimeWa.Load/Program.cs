using RealtimeWa.Load;

if (args is [BareWeb.Argument])
{
    await BareWeb.RunAsync();
    return 0;
}

var (options, sentence) = LoadOptions.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync(sentence);
    return 2;
}

using var end = new CancellationTokenSource(TimeSpan.FromMinutes(60), TimeProvider.System);
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    end.Cancel();
};

Report report;
try
{
    report = await new LoadRun(options, Console.Error).RunAsync(end.Token);
}
catch (Exception exception) when (exception is InvalidOperationException or TimeoutException or OperationCanceledException or IOException)
{
    await Console.Error.WriteLineAsync($"The run ended without figures. {exception.Message}");
    return 3;
}

Console.WriteLine();
Console.Write(report.Table());
Console.WriteLine();
Console.WriteLine(report.JsonLine());
if (options.Json is not null)
{
    await File.WriteAllTextAsync(options.Json, report.JsonLine() + Environment.NewLine, end.Token);
}

return options.Strict && !report.AllMet ? 1 : 0;
