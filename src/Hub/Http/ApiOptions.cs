using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>The section <c>Api</c>.</summary>
public sealed class ApiOptions
{
    /// <summary>What programs show as <c>x-api-key</c>; none lets no program in.</summary>
    public IList<string> Keys { get; } = [];

    [Range(1, 1_000_000, ErrorMessage = "Api:RequestsPerMinute is how often one key or person may ask: write a whole number from 1 to 1000000 (600 is usual).")]
    public int RequestsPerMinute { get; set; } = 600;

    [Range(1, 1_000_000, ErrorMessage = "Api:RequestsPerMinutePerAddress is how often an address may ask without a key: write a whole number from 1 to 1000000 (6000 is usual).")]
    public int RequestsPerMinutePerAddress { get; set; } = 6_000;

    [Range(60, 1_000_000, ErrorMessage = "Api:HubCallsPerMinute is how often the pages of one person may call the hub: write a whole number from 60 to 1000000 (3000 is usual).")]
    public int HubCallsPerMinute { get; set; } = 3_000;

    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ErrorMessage = "Api:QrWait is how long a request waits for a QR code: write a time from 0.1 to 60 seconds, such as 00:00:20.")]
    public TimeSpan QrWait { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>What attributes can't say.</summary>
    internal sealed class Check : IValidateOptions<ApiOptions>
    {
        public ValidateOptionsResult Validate(string? name, ApiOptions options) =>
            options.Keys.Any(key => key.Length < SharedSecret.Shortest)
                ? ValidateOptionsResult.Fail($"Api:Keys holds a key that is too easy to guess. A key has at least {SharedSecret.Shortest} characters; make one with 'openssl rand -hex 32'.")
                : ValidateOptionsResult.Success;
    }
}
