using System.Security.Claims;

namespace RealtimeWa;

/// <summary>
/// Adds the demo's accounts and links all but the last, so that a chat is going on when the page opens and one QR is left to scan.
/// It asks as a person would, through the same commands.
/// </summary>
public sealed partial class DemoStart(
    DemoOptions options, DemoPhones phones, AccountStore accounts, AccountActions actions, TimeProvider time, ILogger<DemoStart> log) : BackgroundService
{
    private static readonly ClaimsPrincipal Person = new(new ClaimsIdentity([new(ClaimTypes.Role, SnakeCase.ToName(OperatorRole.Admin))], "demo"));

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var (index, demo) in options.Accounts.Index())
        {
            var known = (await accounts.List(stoppingToken)).FirstOrDefault(account => string.Equals(account.Label, demo.Label, StringComparison.Ordinal));
            var account = known ?? (await actions.Add(Person, demo.Label, stoppingToken)).Account;
            if (account is null || account.Phone is not null || index == options.Accounts.Count - 1)
            {
                continue;
            }

            await actions.Pair(Person, account.Id, stoppingToken);
            await ScanAsync(account.Id, stoppingToken);
        }
    }

    private async Task ScanAsync(AccountId account, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                if (await phones.ScanAsync(account, cancellationToken))
                {
                    return;
                }
            }
            catch (HttpRequestException failure)
            {
                Log.NoPhones(log, failure.Message);
                return;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The emulated phones don't answer: {Reason} Start the demo again with ./run --demo.")]
        public static partial void NoPhones(ILogger logger, string reason);
    }
}
