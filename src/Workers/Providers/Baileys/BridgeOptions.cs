using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>The section <c>Bridge</c>: the Node child that speaks to WhatsApp.</summary>
public sealed class BridgeOptions
{
    public const string Section = "Bridge";

    /// <summary>Node 20 or newer; a name is looked up in PATH.</summary>
    public string NodePath { get; set; } = "node";

    /// <summary>Passed to Node before the script. The default keeps thirty accounts small.</summary>
    public IList<string> NodeArguments { get; } = [];

    /// <summary>The bridge's script; beside the program unless set.</summary>
    public string? Script { get; set; }

    /// <summary>A bridge that dies takes this many accounts down for a moment.</summary>
    public int AccountsPerProcess { get; set; } = 30;

    /// <summary>Another server than WhatsApp's: loopback only, for tests and the demo.</summary>
    public string? WebSocketUrl { get; set; }

    /// <summary>Base64 of 32 bytes: the root that the other server's certificate is signed with.</summary>
    public string? RootPublicKey { get; set; }

    /// <summary>What the phone shows in its list of linked devices.</summary>
    public string DeviceName { get; set; } = "RealtimeWa";

    /// <summary>How long WhatsApp may take to answer a question.</summary>
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How long each QR is shown; WhatsApp's own rhythm unless set.</summary>
    public TimeSpan? QrTimeout { get; set; }

    /// <summary>Take over the chats that the phone sends after it was linked.</summary>
    public bool History { get; set; } = true;

    /// <summary>How long the bridge may take to say its first line.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(20);
}

internal sealed class BridgeOptionsCheck : IValidateOptions<BridgeOptions>
{
    public ValidateOptionsResult Validate(string? name, BridgeOptions options)
    {
        List<string> faults = [];
        if (string.IsNullOrWhiteSpace(options.NodePath))
            faults.Add("Bridge:NodePath is empty. Give the path of Node 20 or newer, or remove the setting.");
        if (options.AccountsPerProcess is < 1 or > 1000)
            faults.Add("Bridge:AccountsPerProcess has to be between 1 and 1000.");
        if (options.QueryTimeout < TimeSpan.FromSeconds(1) || options.QueryTimeout > TimeSpan.FromMinutes(1))
            faults.Add("Bridge:QueryTimeout has to be between 1 second and 1 minute.");
        if (options.WebSocketUrl is { } address && !(Uri.TryCreate(address, UriKind.Absolute, out var url) && url.IsLoopback && url.Scheme is "ws" or "wss"))
            faults.Add("Bridge:WebSocketUrl is only for tests on this machine: give a ws:// address of 127.0.0.1, or remove the setting to speak to WhatsApp.");
        if (options.RootPublicKey is { } key && !IsKey(key))
            faults.Add("Bridge:RootPublicKey has to be 32 bytes in base64.");
        if (options is { RootPublicKey: not null, WebSocketUrl: null })
            faults.Add("Bridge:RootPublicKey is accepted only together with Bridge:WebSocketUrl. Remove it to speak to WhatsApp.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static bool IsKey(string text)
    {
        Span<byte> bytes = stackalloc byte[48];
        return text.Length <= 64 && Convert.TryFromBase64String(text, bytes, out var length) && length == 32;
    }
}
