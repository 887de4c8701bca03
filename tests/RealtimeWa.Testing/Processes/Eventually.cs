using System.Diagnostics;

namespace RealtimeWa.Processes;

/// <summary>
/// For facts that another process holds and that can't be awaited: asks again until they are so.
/// The limit only ends a test that has failed; no test's success depends on it.
/// </summary>
public static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    public static async Task<T> Async<T>(Func<Task<T>> ask, Func<T, bool> holds, string what, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (holds(answer))
            {
                return answer;
            }

            if (Stopwatch.GetElapsedTime(started) > Limit)
            {
                throw new TimeoutException($"Not so after {Limit.TotalSeconds:0} s: {what}. Last answer: {answer}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, cancellationToken);
        }
    }
}
