using System.Globalization;
using RealtimeWa.Phones;

namespace RealtimeWa.Load;

/// <summary>One run: all rounds of all measurements that are asked for, plain and product in turns.</summary>
internal sealed class LoadRun(LoadOptions options, TextWriter progress)
{
    /// <summary>The number of the round that counts for nothing; see <see cref="Rounds"/>. A start is measured cold, as it is.</summary>
    public const int WarmUp = 0;

    public async Task<Report> RunAsync(CancellationToken cancellationToken)
    {
        await Workplace.PrepareAsync(cancellationToken);
        using var workplace = new Workplace();
        await using var emulator = await Emulator.StartAsync(cancellationToken);
        List<Figure> figures = [];
        if (options.Asks("painted") || options.Asks("click") || options.Asks("unwatched") || options.Asks("burst"))
        {
            await using var stage = await Stage.SetAsync(emulator, workplace, options.Sizes, cancellationToken);
            figures.AddRange(await WithBrowserAsync(stage, cancellationToken));
            figures.AddRange(await UnwatchedAsync(stage, cancellationToken));
            figures.AddRange(await BurstsAsync(stage, cancellationToken));
        }

        if (options.Asks("start") || options.Asks("memory"))
        {
            await using var starts = new Starts(emulator, workplace, options);
            await starts.PairAsync(cancellationToken);
            await RoundsAsync("start and memory", 1, _ => starts.RoundAsync(cancellationToken));
            figures.AddRange(starts.Figures());
        }

        return new Report(TimeProvider.System.GetUtcNow(), options.Rounds, options.Quick, figures);
    }

    private async Task<IReadOnlyList<Figure>> WithBrowserAsync(Stage stage, CancellationToken cancellationToken)
    {
        if (!options.Asks("painted") && !options.Asks("click"))
        {
            return [];
        }

        await using var page = await ChatPage.OpenAsync(stage.Product.Product.Url);
        var painted = new Painted(stage, page);
        var clicks = new Clicks(stage, page);
        await RoundsAsync(
            "painted and click",
            WarmUp,
            async round =>
            {
                if (options.Asks("painted"))
                {
                    await painted.PlainRoundAsync(round, cancellationToken);
                    await painted.ProductRoundAsync(round, cancellationToken);
                }

                if (options.Asks("click"))
                {
                    await clicks.PlainRoundAsync(round, cancellationToken);
                    await clicks.ProductRoundAsync(round, cancellationToken);
                }
            });
        return [.. options.Asks("painted") ? painted.Figures() : [], .. options.Asks("click") ? clicks.Figures() : []];
    }

    private async Task<IReadOnlyList<Figure>> UnwatchedAsync(Stage stage, CancellationToken cancellationToken)
    {
        if (!options.Asks("unwatched"))
        {
            return [];
        }

        var unwatched = new Unwatched(stage);
        await RoundsAsync("no page open", WarmUp, round => unwatched.RoundAsync(round, cancellationToken));
        return [.. unwatched.Figures()];
    }

    private async Task<IReadOnlyList<Figure>> BurstsAsync(Stage stage, CancellationToken cancellationToken)
    {
        if (!options.Asks("burst"))
        {
            return [];
        }

        var burst = new Burst(stage);
        await RoundsAsync(
            "burst",
            WarmUp,
            async round =>
            {
                await burst.PlainRoundAsync(round, cancellationToken);
                await burst.ProductRoundAsync(round, cancellationToken);
            });
        return [.. burst.Figures()];
    }

    private async Task RoundsAsync(string name, int from, Func<int, Task> round)
    {
        for (var number = from; number <= options.Rounds; number++)
        {
            await progress.WriteLineAsync(number == WarmUp
                ? $"{name}: warm-up …"
                : string.Create(CultureInfo.InvariantCulture, $"{name}: round {number} of {options.Rounds} …"));
            await round(number);
        }
    }
}
