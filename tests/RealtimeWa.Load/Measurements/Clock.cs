namespace RealtimeWa.Load;

/// <summary>The processes that are measured share one host, but each starts its clock by itself: this says how far they are apart.</summary>
internal static class Clock
{
    private const int Questions = 25;

    /// <summary>Epoch milliseconds with a fraction.</summary>
    public static double Now() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;

    /// <summary>The other clock minus ours; wrong by half of the quickest question's way at most.</summary>
    public static async Task<double> AheadAsync(Func<Task<double>> ask, CancellationToken cancellationToken)
    {
        var (quickest, ahead) = (double.MaxValue, 0.0);
        for (var question = 0; question < Questions; question++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var asked = Now();
            var said = await ask();
            var answered = Now();
            if (answered - asked < quickest)
            {
                (quickest, ahead) = (answered - asked, said - ((asked + answered) / 2));
            }
        }

        return ahead;
    }
}
