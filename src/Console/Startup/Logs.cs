using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Serilog;
using Serilog.Events;
using Serilog.Settings.Configuration;

namespace RealtimeWa;

/// <summary>Quiet on the console, whole in <c>Data:Directory</c>/logs, one file a day. <c>Serilog:MinimumLevel</c> changes what is written.</summary>
public static class Logs
{
    private const long LargestFile = 50 * 1024 * 1024;

    private const int KeptDays = 14;

    // Named, because otherwise every assembly beside the program whose name fits would be loaded.
    private static readonly ConfigurationReaderOptions Sinks = new(
        typeof(ConsoleLoggerConfigurationExtensions).Assembly, typeof(FileLoggerConfigurationExtensions).Assembly, typeof(LoggerConfigurationAsyncExtensions).Assembly);

    public static void Configure(WebApplicationBuilder builder)
    {
        var folder = Path.Combine(builder.Configuration["Data:Directory"] ?? "data", "logs");
        var log = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Quartz", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
            .ReadFrom.Configuration(builder.Configuration, Sinks)
            .Enrich.FromLogContext()
            .WriteTo.Logger(quiet => quiet
                .Filter.ByIncludingOnly(IsForTheConsole)
                .WriteTo.Console(outputTemplate: "{Message:lj}{NewLine}", formatProvider: CultureInfo.InvariantCulture))
            .WriteTo.Async(files => files.File(
                Path.Combine(folder, "realtimewa-.log"),
                outputTemplate: "{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} {Level:u3} {SourceContext} {Message:lj}{NewLine}{Exception}",
                formatProvider: CultureInfo.InvariantCulture,
                rollingInterval: RollingInterval.Day,
                rollOnFileSizeLimit: true,
                fileSizeLimitBytes: LargestFile,
                retainedFileCountLimit: KeptDays));
        Log.Logger = log.CreateLogger();
        builder.Logging.ClearProviders().AddSerilog(Log.Logger);
    }

    /// <summary>What a person at the terminal needs: how it started, and what is wrong. Causes and traces are in the file.</summary>
    private static bool IsForTheConsole(LogEvent entry) =>
        (entry.Level >= LogEventLevel.Warning && !IsSaidInTheEnd(entry.Exception))
        || (entry.Properties.TryGetValue("SourceContext", out var source) && source is ScalarValue { Value: string name }
            && string.Equals(name, typeof(Greeting).FullName, StringComparison.Ordinal));

    /// <summary>A start that failed or was stopped ends with a sentence of <see cref="Product"/>.</summary>
    private static bool IsSaidInTheEnd(Exception? failure) =>
        failure is OperationCanceledException or IOException { InnerException: AddressInUseException };
}
