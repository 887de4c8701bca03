using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RealtimeWa.Phones;
using RealtimeWa.Processes;

namespace RealtimeWa;

/// <summary>A worker with its database in this process, and words for what happens to its accounts.</summary>
internal sealed class TestWorker : IAsyncDisposable
{
    private readonly IHost host;
    private readonly string folder;
    private readonly bool ownsFolder;

    private TestWorker(IHost host, string folder, bool ownsFolder) => (this.host, this.folder, this.ownsFolder) = (host, folder, ownsFolder);

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public string Folder => folder;

    public Supervisor Supervisor => Get<Supervisor>();

    public TestHub.Heard Hub => Get<TestHub.Heard>();

    public static async Task<TestWorker> StartAsync(
        Emulator? emulator, string? folder = null, Action<Dictionary<string, string?>>? settings = null, Action<IServiceCollection>? services = null)
    {
        var place = folder ?? Directory.CreateTempSubdirectory("realtimewa-").FullName;
        var values = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Data:Directory"] = place,
            ["Bridge:WebSocketUrl"] = emulator?.WebSocketUrl,
            ["Bridge:RootPublicKey"] = emulator?.RootPublicKey,
        };
        settings?.Invoke(values);

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(values);
        builder.Logging.AddProvider(new TestLogs());
        builder.Services.AddData(builder.Configuration);
        builder.Services.AddWorkers(builder.Configuration);
        TestHub.Add(builder.Services);
        services?.Invoke(builder.Services);
        var built = builder.Build();
        await built.Services.GetRequiredService<Database>().OpenAsync(Cancel);
        await built.StartAsync(Cancel);
        return new TestWorker(built, place, folder is null);
    }

    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    public async Task<AccountId> AddAsync(string label = "Front desk")
    {
        var added = await Get<AccountStore>().Add(label, null, 30, Cancel);
        await RingCommandsAsync(added.Account!.Id);
        return added.Account.Id;
    }

    public async Task AskAsync(AccountId account, CommandKind kind, string? argument = null)
    {
        await Get<CommandStore>().Add(account, kind, argument, Cancel);
        await RingCommandsAsync(account);
    }

    /// <summary>Links an account the way a person does: asks for a QR, scans it, waits until it is connected.</summary>
    public async Task<AccountId> PairAsync(Emulator emulator, string phone)
    {
        var account = await AddAsync();
        await AskAsync(account, CommandKind.Pair);
        var qr = await QrAsync(account);
        await emulator.ScanAsync(qr.Qr!, phone, Cancel);
        await IsAsync(account, SessionStatus.Connected);
        return account;
    }

    public async Task<QrView> QrAsync(AccountId account) =>
        (await Eventually.Async(() => Get<SessionStore>().Qr(account, Cancel), qr => qr is not null, "a QR or a code is shown", Cancel))!;

    public async Task<SessionView> IsAsync(AccountId account, SessionStatus status, ReasonCode? reason = null)
    {
        var found = await Eventually.Async(
            () => Get<AccountStore>().Find(account, Cancel),
            view => view?.Session.Status == status && (reason is null || view.Session.Reason == reason),
            $"account {account} is {status} {reason}",
            Cancel);
        return found!.Session;
    }

    /// <summary>It was so at some time since the account was made.</summary>
    public async Task WasAsync(AccountId account, SessionStatus status, ReasonCode reason) => await Eventually.Async(
        () => Get<SessionStore>().History(account, 1000, Cancel),
        history => history.Transitions.Any(change => change.To == status && change.Reason == reason),
        $"account {account} was {status} {reason}",
        Cancel);

    /// <summary>Every state of its session that consoles were told of, in order.</summary>
    public async Task<IReadOnlyList<SessionView>> ToldAsync(AccountId account) =>
        [.. (await Get<EventStore>().After(account, 0, 1000, Cancel)).Events.Where(told => told.Kind is EventKind.SessionChanged).Select(told => told.Body.Session!)];

    public async Task<ThreadView> ThreadAsync(AccountId account, string phone) =>
        (await Eventually.Async(
            async () => (await Get<SnapshotStore>().Read(100, Cancel)).Threads.FirstOrDefault(
                thread => thread.AccountId == account && string.Equals(thread.Phone, phone, StringComparison.Ordinal)),
            thread => thread is not null,
            "the thread exists",
            Cancel))!;

    public async Task<MessageView> SeesAsync(ThreadId thread, Func<MessageView, bool> fits, string what)
    {
        var page = await Eventually.Async(
            () => Get<MessageStore>().Page(thread, null, 50, Cancel), found => found?.Messages.Any(fits) is true, what, Cancel);
        return page!.Messages.First(fits);
    }

    public async Task<MessageView> SendAsync(ThreadId thread, string text)
    {
        var queued = await Get<OutboxStore>().Enqueue(new SendRequest(thread, Guid.NewGuid().ToString("N"), text), null, Cancel);
        Assert.True(queued.Message is not null, queued.Sentence);
        await Get<IHubContext<TestHub, IWorkerClient>>().Clients.All.OutboxWaiting(queued.AccountId!.Value);
        return queued.Message;
    }

    public Task RingCommandsAsync(AccountId account) => Get<IHubContext<TestHub, IWorkerClient>>().Clients.All.CommandWaiting(account);

    public Task StopAsync() => host.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        if (ownsFolder)
            Directory.Delete(folder, recursive: true);
    }

    private sealed class TestLogs : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Information)
                TestContext.Current.TestOutputHelper?.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {logLevel}: {formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
        }
    }
}
