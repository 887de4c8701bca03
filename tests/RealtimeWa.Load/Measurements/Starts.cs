using System.Diagnostics;
using System.Globalization;
using RealtimeWa.Phones;

namespace RealtimeWa.Load;

/// <summary>Thirty accounts: how long a start takes until all are open, and how much memory they hold when nothing happens.</summary>
internal sealed class Starts(Emulator emulator, Workplace workplace, LoadOptions options) : IAsyncDisposable
{
    private const double MemoryLimit = 350;

    private readonly LinkedProduct product = new(emulator, Phones(Stage.Phones.ProductAccount, options.Sizes.Accounts));
    private readonly IReadOnlyList<string> plainPhones = Phones(Stage.Phones.PlainAccount, options.Sizes.Accounts);
    private readonly string plainFolder = workplace.Folder("plain-many");
    private readonly List<double> productStart = [];
    private readonly List<double> plainStart = [];
    private readonly List<double> bareStart = [];
    private readonly List<double> productMemory = [];
    private readonly List<double> productAlone = [];
    private readonly List<double> productIdle = [];
    private readonly List<double> plainMemory = [];

    public async Task PairAsync(CancellationToken cancellationToken)
    {
        await Stage.PairPlainAsync(emulator, plainFolder, plainPhones, cancellationToken);
        await product.PairAsync(cancellationToken);
        await product.StopAsync(cancellationToken);
    }

    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await using (var plain = await PlainBaileys.OpenAsync(emulator, plainFolder, plainPhones, cancellationToken))
        {
            plainStart.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            // It has no limit to meet: once is enough for the column beside.
            if (options.Asks("memory") && plainMemory.Count == 0)
            {
                await IdleAsync(cancellationToken);
                plainMemory.Add(plain.Tree.Megabytes().Pss);
            }
        }

        bareStart.Add(await BareWeb.StartMillisecondsAsync(cancellationToken));
        productStart.Add(await product.StartMillisecondsAsync(cancellationToken));
        if (options.Asks("memory"))
        {
            await MemoryAsync(cancellationToken);
        }

        await product.StopAsync(cancellationToken);
    }

    public IEnumerable<Figure> Figures()
    {
        var accounts = options.Sizes.Accounts.ToString(CultureInfo.InvariantCulture);
        if (options.Asks("start"))
        {
            yield return new(
                "start",
                $"process start → {accounts} accounts open",
                "ms",
                productStart,
                plainStart,
                Limit.Starts(Samples.Median(plainStart), Samples.Median(bareStart)),
                new Dictionary<string, double>(StringComparer.Ordinal) { ["bareWeb"] = Samples.Median(bareStart) });

            // The same starts: a server that restarts is measured against plain Baileys alone.
            yield return new(
                "restart",
                $"restart → {accounts} accounts green",
                "ms",
                productStart,
                plainStart,
                Limit.AtMost(Samples.Median(plainStart), 2),
                new Dictionary<string, double>(StringComparer.Ordinal));
        }

        if (options.Asks("memory"))
        {
            yield return new(
                "memory",
                $"memory with {accounts} accounts, idle",
                "MB",
                productMemory,
                plainMemory,
                Limit.Fixed(MemoryLimit),
                new Dictionary<string, double>(StringComparer.Ordinal)
                {
                    ["aloneOnTheMachine"] = Samples.Median(productAlone),
                    ["idleCpuPercent"] = Samples.Median(productIdle),
                    ["idleSeconds"] = options.Sizes.Idle.TotalSeconds,
                });
        }
    }

    public ValueTask DisposeAsync() => product.DisposeAsync();

    private static IReadOnlyList<string> Phones(int kind, int count) =>
        [.. Enumerable.Range(1, count).Select(number => Stage.Phones.Number(kind, number))];

    private async Task MemoryAsync(CancellationToken cancellationToken)
    {
        var before = product.Tree.CpuMilliseconds();
        await IdleAsync(cancellationToken);
        productIdle.Add((product.Tree.CpuMilliseconds() - before) / options.Sizes.Idle.TotalMilliseconds * 100);
        var (pss, alone) = product.Tree.Megabytes();
        productMemory.Add(pss);
        productAlone.Add(alone);
    }

    private Task IdleAsync(CancellationToken cancellationToken) => Task.Delay(options.Sizes.Idle, TimeProvider.System, cancellationToken);
}
