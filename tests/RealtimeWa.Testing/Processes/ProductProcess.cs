using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using RealtimeWa.Phones;

namespace RealtimeWa.Processes;

/// <summary>The product as its own process, as a user starts it, connected to an emulator instead of WhatsApp.</summary>
public sealed partial class ProductProcess : IAsyncDisposable
{
    public const string AdminEmail = "admin@example.org";
    public const string AdminPassword = "correct horse battery staple 1";

    private const int LowestPort = 15_000;
    private const int LowestClientPort = 32_768;

    private readonly Emulator emulator;
    private readonly IReadOnlyDictionary<string, string?> settings;
    private ChildProcess? process;

    public ProductProcess(Emulator emulator, string? dataDirectory = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        this.emulator = emulator;
        this.settings = settings ?? new Dictionary<string, string?>(StringComparer.Ordinal);
        DataDirectory = dataDirectory ?? Directory.CreateTempSubdirectory("realtimewa-").FullName;
        Url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{FreePort()}/"));
    }

    public string DataDirectory { get; }

    public Uri Url { get; }

    public ChildProcess Process => process ?? throw new InvalidOperationException("The product is not started.");

    /// <summary>Starts it and waits until it says that it is ready. After <see cref="KillAsync"/> it starts again on the same data and address.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        process = Launch();
        return process.LineAsync(static line => line.Contains("RealtimeWa is ready", StringComparison.Ordinal), cancellationToken);
    }

    /// <summary>Starts it where it can't run, and waits for its end.</summary>
    /// <returns>Its exit code, and all that it printed.</returns>
    public async Task<(int ExitCode, string Printed)> StartInVainAsync(CancellationToken cancellationToken)
    {
        process = Launch();
        await process.ExitedAsync(cancellationToken);
        return (process.ExitCode, process.Transcript);
    }

    /// <summary>Ends it as an orderly stop does: what it holds is closed and whole.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Process.Signal("TERM");
        await Process.ExitedAsync(cancellationToken);
    }

    /// <summary>SIGKILL to the product alone: its bridges have to notice by themselves.</summary>
    public Task KillAsync(CancellationToken cancellationToken) => Process.KillAsync(cancellationToken);

    /// <summary>A browser without a screen that is signed in as the admin: cookies are kept, redirects are not followed.</summary>
    public async Task<HttpClient> SignInAsync(CancellationToken cancellationToken)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies };
        var http = new HttpClient(handler) { BaseAddress = Url };
        using (var here = await http.GetAsync(new Uri("login", UriKind.Relative), cancellationToken))
        {
            if (here.StatusCode == HttpStatusCode.Redirect)
            {
                // The cookies of before still hold.
                return http;
            }
        }

        var token = await AntiforgeryAsync(http, "login", cancellationToken);
        using var form = new FormUrlEncodedContent(
            [new("Email", AdminEmail), new("Password", AdminPassword), new("__RequestVerificationToken", token)]);
        using var response = await http.PostAsync(new Uri("login", UriKind.Relative), form, cancellationToken);
        return response.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.Found
            ? http
            : throw new InvalidOperationException($"Sign-in answered {(int)response.StatusCode}.");
    }

    public CookieContainer Cookies { get; } = new();

    /// <summary>The antiforgery token of a page's first form.</summary>
    public static async Task<string> AntiforgeryAsync(HttpClient http, string page, CancellationToken cancellationToken)
    {
        var html = await http.GetStringAsync(new Uri(page, UriKind.Relative), cancellationToken);
        var match = AntiforgeryField().Match(html);
        return match.Success ? match.Groups["token"].Value : throw new InvalidOperationException($"/{page} has no antiforgery field.");
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await process.DisposeAsync();
        }

        try
        {
            Directory.Delete(DataDirectory, recursive: true);
        }
        catch (IOException)
        {
            // A child that is still ending may hold a file for a moment; the folder is a temporary one.
        }
    }

    private ChildProcess Launch()
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = Url.ToString().TrimEnd('/'),
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Data__Directory"] = DataDirectory,
            ["Bridge__WebSocketUrl"] = emulator.WebSocketUrl,
            ["Bridge__RootPublicKey"] = emulator.RootPublicKey,
            ["NODE_EXTRA_CA_CERTS"] = emulator.MediaCa,
            ["Setup__AdminEmail"] = AdminEmail,
            ["Setup__AdminPassword"] = AdminPassword,
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return ChildProcess.Start("dotnet", [Repository.Program("Console")], environment);
    }

    // None that the system gives to clients: while the product is down, one of them could hold it, or a call to it connect to itself.
    private static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(LowestPort, LowestClientPort));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"(?<token>[^\"]+)\"", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AntiforgeryField();
}
