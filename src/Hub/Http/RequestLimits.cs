using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace RealtimeWa;

/// <summary>How often a route may be asked: metadata of its endpoint.</summary>
public interface IRequestLimit
{
    /// <summary>With whom this request is counted, and how many of them are let in a minute; nothing when it is not counted.</summary>
    (string Name, int PerMinute)? Of(HttpContext context);
}

/// <summary>
/// Refuses whoever asks too often. The limiters are the framework's, its middleware is not: that looks through all of its limiters ten
/// times a second, for ever, also when nobody asks, and was more than half of what woke an idle product. These are filled when they are asked.
/// </summary>
public sealed class RequestLimits : IMiddleware
{
    private const int Many = 1000;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, FixedWindowRateLimiter> limiters = new(StringComparer.Ordinal);
    private int tooMany = Many;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IRequestLimit>()?.Of(context) is { } counted)
        {
            var limiter = limiters.GetOrAdd(counted.Name, Make, counted.PerMinute);
            Sweep();
            limiter.TryReplenish();
            using var lease = limiter.AttemptAcquire();
            if (!lease.IsAcquired)
            {
                Refuse(context.Response, lease);
                return;
            }
        }

        await next(context);
    }

    private static FixedWindowRateLimiter Make(string name, int perMinute) =>
        new(new() { PermitLimit = perMinute, Window = Minute, AutoReplenishment = false });

    private static void Refuse(HttpResponse response, RateLimitLease lease)
    {
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        if (lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>One that is full says no more than a new one: those go when there are twice as many as were left the last time.</summary>
    private void Sweep()
    {
        if (limiters.Count <= Volatile.Read(ref tooMany))
        {
            return;
        }

        foreach (var limiter in limiters)
        {
            limiter.Value.TryReplenish();
            if (limiter.Value.IdleDuration is not null)
            {
                limiters.TryRemove(limiter);
            }
        }

        Volatile.Write(ref tooMany, Math.Max(Many, limiters.Count * 2));
    }
}
