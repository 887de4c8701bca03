using Polly;
using Polly.Retry;

namespace RealtimeWa;

/// <summary>How the worker's own loops wait for a database that refuses for a while: soon at first, then every few seconds.</summary>
internal static class Patience
{
    /// <param name="refused">Hears the sentence of each refusal.</param>
    /// <param name="attempts">How often it is tried again at most.</param>
    public static ResiliencePipeline Make(TimeProvider time, Action<string> refused, int attempts = int.MaxValue) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<StorageRefusedException>(MayPass),
            MaxRetryAttempts = attempts,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(250),
            MaxDelay = TimeSpan.FromSeconds(5),
            OnRetry = failed =>
            {
                refused(failed.Outcome.Exception!.Message);
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    private static bool MayPass(StorageRefusedException refused) =>
        refused.Refusal is StorageRefusal.Busy or StorageRefusal.Full or StorageRefusal.Unavailable;
}
