using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RealtimeWa;
using Serilog;
using Serilog.Settings.Configuration;

// A worker in a process of its own: it shares the console's database and rings its hub.
var builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders();
builder.Logging.AddSerilog(
    new LoggerConfiguration()
        .MinimumLevel.Override("Quartz", Serilog.Events.LogEventLevel.Warning)
        .MinimumLevel.Override("Microsoft", Serilog.Events.LogEventLevel.Warning)
        .ReadFrom.Configuration(builder.Configuration, new ConfigurationReaderOptions(typeof(ConsoleLoggerConfigurationExtensions).Assembly))
        .WriteTo.Console(formatProvider: System.Globalization.CultureInfo.InvariantCulture)
        .CreateLogger(),
    dispose: true);

try
{
    builder.Services.AddData(builder.Configuration);
    builder.Services.AddWorkers(builder.Configuration);
    using var host = builder.Build();
    await host.Services.GetRequiredService<Database>().OpenAsync(CancellationToken.None);
    await host.RunAsync();
    return 0;
}
catch (Exception refused) when (refused is OptionsValidationException or StorageRefusedException)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}
