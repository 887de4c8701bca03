using System.Diagnostics;

namespace RealtimeWa.Processes;

/// <summary>
/// For facts that can't be awaited, most of them because another process holds them: asks again until they are so, ever less often.
/// The limit only ends a test that has failed; no test's success depends on it.
/// </summary>
public static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(25);

    public static Task<T> Async<T>(Func<Task<T>> ask, Func<T, bool> holds, string what, CancellationToken cancellationToken) =>
        Async(ask, holds, () => what, cancellationToken);

    /// <param name="ask">Finds out how it is.</param>
    /// <param name="holds">It is as expected.</param>
    /// <param name="what">What was expected, in words; asked only in the end, so that it may tell what has happened by then.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<T> Async<T>(Func<Task<T>> ask, Func<T, bool> holds, Func<string> what, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var answer = await ask();
            if (holds(answer))
            {
                return answer;
            }

            if (Stopwatch.GetElapsedTime(started) > Limit)
            {
                throw new TimeoutException($"Not so after {Limit.TotalSeconds:0} s: {what()}. Last answer: {answer}");
            }

            await Task.Delay(pause, TimeProvider.System, cancellationToken);
        }
    }
}
