using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace RealtimeWa;

/// <summary>The few lines that a start prints: where to open it, how to make the first admin, what it holds.</summary>
public sealed partial class Greeting(IServer server, AccountStore accounts, FirstRun firstRun, ILogger<Greeting> log)
{
    public async Task SayAsync(CancellationToken cancellationToken)
    {
        var address = (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? ListenAddresses.Default)
            .Replace("127.0.0.1", "localhost", StringComparison.Ordinal).Replace("[::1]", "localhost", StringComparison.Ordinal).TrimEnd('/');
        Log.Open(log, address);
        if (await firstRun.IsOpenAsync(cancellationToken))
        {
            Log.FirstRun(log, $"{address}{firstRun.PathAndQuery}");
            return;
        }

        Log.Accounts(log, (await accounts.List(cancellationToken)).Count);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "RealtimeWa is ready: open {Address}")]
        public static partial void Open(ILogger logger, string address);

        [LoggerMessage(LogLevel.Information, "Make the first admin: {FirstRunAddress}")]
        public static partial void FirstRun(ILogger logger, string firstRunAddress);

        [LoggerMessage(LogLevel.Information, "WhatsApp numbers: {Count}")]
        public static partial void Accounts(ILogger logger, int count);
    }
}
