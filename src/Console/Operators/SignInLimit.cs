using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace RealtimeWa;

/// <summary>How often one address may try to sign in: enough for an office behind one address, too little for guessing.</summary>
public static class SignInLimit
{
    public const string Policy = "sign-in";

    public const int PerMinute = 60;

    public static void Add(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.AddPolicy(Policy, context => HttpMethods.IsPost(context.Request.Method)
            ? RateLimitPartition.GetFixedWindowLimiter(
                context.Connection.RemoteIpAddress?.ToString() ?? "",
                _ => new FixedWindowRateLimiterOptions { PermitLimit = PerMinute, Window = TimeSpan.FromMinutes(1) })
            : RateLimitPartition.GetNoLimiter(""));
    }
}
