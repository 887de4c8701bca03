using System.Threading.RateLimiting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>How often the pages of one person may call: far more than anybody needs, far less than a script in a circle would.</summary>
internal sealed class CallLimit(IOptions<ApiOptions> options) : IHubFilter, IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<OperatorId> limiter = PartitionedRateLimiter.Create<OperatorId, OperatorId>(
        id => RateLimitPartition.GetTokenBucketLimiter(id, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.Value.HubCallsPerMinute,
            TokensPerPeriod = options.Value.HubCallsPerMinute / 60,
            ReplenishmentPeriod = Second,
        }));

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        using var lease = limiter.AttemptAcquire(Policies.IdOf(invocationContext.Context.User!));
        return lease.IsAcquired ? await next(invocationContext) : throw new HubException("Your pages ask too often. Wait a moment, then try again.");
    }

    public void Dispose() => limiter.Dispose();
}
