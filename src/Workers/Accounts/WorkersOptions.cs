using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>The section <c>Workers</c>.</summary>
public sealed class WorkersOptions
{
    public const string Section = "Workers";

    /// <summary>Where the hub is, for a worker in a process of its own: the address of <c>/hubs/worker</c>. Unset when embedded.</summary>
    public Uri? HubUrl { get; set; }

    /// <summary>Proves to the hub that this worker belongs to it.</summary>
    public string? Token { get; set; }

    /// <summary>How many accounts this worker takes at most.</summary>
    public int MaxAccounts { get; set; } = 100;

    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan LeaseRenewal { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>So many accounts connect together at start,</summary>
    public int StartWave { get; set; } = 10;

    /// <summary>and the next ones so much later.</summary>
    public TimeSpan StartWaveGap { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The cautious way instead: one account at a time, so far apart.</summary>
    public TimeSpan? StartStagger { get; set; }

    public TimeSpan Sweep { get; set; } = TimeSpan.FromSeconds(5);

    public TimeSpan LightPoll { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan DeepPoll { get; set; } = TimeSpan.FromMinutes(5);

    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Silence for so long asks for a probe, and for nothing else.</summary>
    public TimeSpan Stale { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>A message that WhatsApp did not acknowledge is sent again after this, with the same id.</summary>
    public TimeSpan AckTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>What was written but not acknowledged is shown as unknown when its account does not come back within this.</summary>
    public TimeSpan UnknownAfter { get; set; } = TimeSpan.FromMinutes(10);
}

internal sealed class WorkersOptionsCheck : IValidateOptions<WorkersOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkersOptions options)
    {
        List<string> faults = [];
        if (options.LeaseDuration < TimeSpan.FromSeconds(5))
            faults.Add("Workers:LeaseDuration has to be at least 5 seconds, because a connection closes 2 seconds before its lease ends.");
        if (options.LeaseRenewal <= TimeSpan.Zero || options.LeaseRenewal > options.LeaseDuration / 2)
            faults.Add("Workers:LeaseRenewal has to be at most half of Workers:LeaseDuration, so that one late renewal loses nothing.");
        if (options.MaxAccounts < 1)
            faults.Add("Workers:MaxAccounts has to be at least 1.");
        if (options.StartWave < 1 || options.StartWaveGap < TimeSpan.Zero || options.StartStagger < TimeSpan.Zero)
            faults.Add("Workers:StartWave has to be at least 1, and Workers:StartWaveGap and Workers:StartStagger can't be negative.");
        if (new[] { options.Sweep, options.LightPoll, options.DeepPoll, options.ProbeTimeout, options.AckTimeout, options.UnknownAfter }.Any(time => time < TimeSpan.FromSeconds(1)))
            faults.Add("Workers:Sweep, LightPoll, DeepPoll, ProbeTimeout, AckTimeout and UnknownAfter have to be at least 1 second each.");
        if (options.HubUrl is { } url && !(url.IsAbsoluteUri && url.Scheme is "ws" or "wss" or "http" or "https"))
            faults.Add("Workers:HubUrl has to be the whole address of the hub, such as https://console.example.org/hubs/worker.");
        if (options.HubUrl is { IsAbsoluteUri: true, IsLoopback: false, Scheme: "ws" or "http" })
            faults.Add("Workers:HubUrl would send the token unencrypted over the network. Use https:// or wss://.");
        if (options.HubUrl is not null && string.IsNullOrWhiteSpace(options.Token))
            faults.Add("Workers:Token is missing. Give the worker the same token as the console.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
