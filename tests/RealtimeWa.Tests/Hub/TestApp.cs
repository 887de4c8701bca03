using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace RealtimeWa;

/// <summary>
/// The real product on a free port, with a database of its own and without workers: what a worker would write, a test writes through
/// <see cref="Worker"/>.
/// </summary>
public sealed class TestApp : IAsyncDisposable
{
    public const string Key = "a-key-of-a-program-0123456789";

    public const string GatewayToken = "the-token-of-the-gateway-0123456789";

    public const string WorkerToken = "the-token-of-the-workers-0123456789";

    public const string Password = "correct horse battery staple 1";

    private static int people;

    private readonly string folder;
    private readonly bool ownsFolder;
    private WebApplication? app;

    private TestApp(string folder, bool ownsFolder) => (this.folder, this.ownsFolder) = (folder, ownsFolder);

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Uri Url { get; private set; } = null!;

    /// <summary>What stands for a worker: it holds every account, and writes what WhatsApp would have done.</summary>
    internal TestWorkerHand Worker { get; private set; } = null!;

    public static Task<TestApp> StartAsync(params string[] settings) =>
        StartAsync(Directory.CreateTempSubdirectory("realtimewa-app-").FullName, ownsFolder: true, settings);

    /// <summary>Another process of the product on the same database.</summary>
    public Task<TestApp> StartAnotherAsync() => StartAsync(folder, ownsFolder: false, []);

    public T Get<T>()
        where T : notnull => app!.Services.GetRequiredService<T>();

    /// <summary>Somebody without a cookie. Who asks before a large body waits for the answer, however busy the machine is.</summary>
    public HttpClient Anybody() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = Url };

    /// <summary>A program with a key.</summary>
    public HttpClient Program(string key = Key)
    {
        var http = Anybody();
        http.DefaultRequestHeaders.Add("x-api-key", key);
        return http;
    }

    /// <summary>The gateway with its token.</summary>
    public HttpClient Gateway(string token = GatewayToken)
    {
        var http = Anybody();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return http;
    }

    /// <summary>Somebody of this role who has signed in with the form.</summary>
    public async Task<Somebody> SignInAsync(OperatorRole role)
    {
        var email = string.Create(CultureInfo.InvariantCulture, $"person{Interlocked.Increment(ref people)}@example.org");
        await using (var scope = app!.Services.CreateAsyncScope())
        {
            Assert.Null(await scope.ServiceProvider.GetRequiredService<People>().AddAsync(email, SnakeCase.ToName(role), Password, role, Cancel));
        }

        var somebody = new Somebody(this, email);
        using var answer = await somebody.SignInAsync(Password);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return somebody;
    }

    /// <summary>Somebody writes over the database's file.</summary>
    public async Task DamageDatabaseAsync()
    {
        foreach (var name in new[] { "realtimewa.db", "realtimewa.db-wal" })
        {
            await using var file = new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            await file.WriteAsync(Enumerable.Repeat((byte)0x5a, (int)file.Length).ToArray(), Cancel);
        }

        try
        {
            // What was read before is forgotten with the next write.
            await Worker.AddAsync();
        }
        catch (StorageRefusedException)
        {
            // Or it is noticed already.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }

        if (ownsFolder)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<TestApp> StartAsync(string folder, bool ownsFolder, string[] settings)
    {
        var made = new TestApp(folder, ownsFolder);
        made.app = await Composition.BuildAsync(
            [
                "--urls=http://127.0.0.1:0",
                $"--Data:Directory={folder}",
                "--Workers:Embedded=false",
                $"--Workers:Token={WorkerToken}",
                $"--Api:Keys:0={Key}",
                "--Api:QrWait=00:00:01",
                $"--Gateway:AdminToken={GatewayToken}",
                "--Setup:AdminEmail=first@example.org",
                $"--Setup:AdminPassword={Password}",
                .. settings,
            ],
            Cancel);
        await made.app.StartAsync(Cancel);
        var address = new Uri(made.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        made.Url = new UriBuilder(address) { Host = "localhost" }.Uri;
        made.Worker = new TestWorkerHand(made);
        return made;
    }
}
