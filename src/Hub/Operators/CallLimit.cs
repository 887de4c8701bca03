using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>How often the pages of one person may call: far more than anybody needs, far less than a script in a circle would.</summary>
internal sealed class CallLimit(IOptions<ApiOptions> options) : IHubFilter, IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // One for each person, filled when it is asked: a partitioned limiter looks through all of its own ten times a second, for ever.
    private readonly ConcurrentDictionary<OperatorId, TokenBucketRateLimiter> limiters = new();

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var limiter = limiters.GetOrAdd(Policies.IdOf(invocationContext.Context.User!), Make);
        limiter.TryReplenish();
        using var lease = limiter.AttemptAcquire();
        return lease.IsAcquired ? await next(invocationContext) : throw new HubException("Your pages ask too often. Wait a moment, then try again.");
    }

    public void Dispose()
    {
        foreach (var limiter in limiters.Values)
        {
            limiter.Dispose();
        }
    }

    private TokenBucketRateLimiter Make(OperatorId person) => new(new()
    {
        TokenLimit = options.Value.HubCallsPerMinute,
        TokensPerPeriod = options.Value.HubCallsPerMinute / 60,
        ReplenishmentPeriod = Second,
        AutoReplenishment = false,
    });
}
