using RealtimeWa.Phones;

namespace RealtimeWa.Processes;

/// <summary>A worker in a process of its own: it shares the product's data directory and reaches its hub through a WebSocket.</summary>
public sealed class WorkerProcess(Emulator emulator, ProductProcess product, IReadOnlyDictionary<string, string?>? settings = null) : IAsyncDisposable
{
    public const string Token = "console and worker share this";

    private ChildProcess? process;

    /// <summary>What the product is told, so that it leaves the accounts to a worker elsewhere.</summary>
    public static IReadOnlyDictionary<string, string?> ProductSettings { get; } = new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Workers__Embedded"] = "false",
        ["Workers__Token"] = Token,
    };

    public ChildProcess Process => process ?? throw new InvalidOperationException("The worker is not started.");

    /// <summary>After <see cref="KillAsync"/> it is another worker, on the same data.</summary>
    public void Start()
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Data__Directory"] = product.DataDirectory,
            ["Bridge__WebSocketUrl"] = emulator.WebSocketUrl,
            ["Bridge__RootPublicKey"] = emulator.RootPublicKey,
            ["NODE_EXTRA_CA_CERTS"] = emulator.MediaCa,
            ["Workers__HubUrl"] = new Uri(product.Url, "hubs/worker").ToString(),
            ["Workers__Token"] = Token,
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            environment[name] = value;
        }

        process = ChildProcess.Start("dotnet", [Repository.Program("Workers")], environment);
    }

    /// <summary>SIGKILL to the worker alone: its bridges have to notice by themselves.</summary>
    public Task KillAsync(CancellationToken cancellationToken) => Process.KillAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await process.DisposeAsync();
        }
    }
}
