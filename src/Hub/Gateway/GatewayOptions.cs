using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>The section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>What the admin API takes as a bearer token; none lets nobody in.</summary>
    public string? AdminToken { get; set; }

    /// <summary>Whether new sessions may be made through the admin API.</summary>
    public bool PersonalSessionsEnabled { get; set; } = true;

    internal sealed class Check : IValidateOptions<GatewayOptions>
    {
        public ValidateOptionsResult Validate(string? name, GatewayOptions options) =>
            options.AdminToken is { Length: > 0 and < SharedSecret.Shortest }
                ? ValidateOptionsResult.Fail($"Gateway:AdminToken is too easy to guess. It has at least {SharedSecret.Shortest} characters; make one with 'openssl rand -hex 32'.")
                : ValidateOptionsResult.Success;
    }
}
