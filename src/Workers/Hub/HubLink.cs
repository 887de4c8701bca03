using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace RealtimeWa;

/// <summary>
/// The doorbell wire to the hub. It comes back by itself; while it is away the worker goes on, and what it would have rung the hub
/// finds in the database.
/// </summary>
internal sealed partial class HubLink : BackgroundService, IWorkerClient
{
    private const int MostWaiting = 10_000;

    private readonly Channel<object> waiting = Channel.CreateBounded<object>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    private readonly HubConnection connection;
    private readonly WorkerIdentity identity;
    private readonly ILogger<HubLink> logger;
    private readonly ResiliencePipeline again;
    private readonly bool isEmbedded;

    public HubLink(IConnectionFactory connections, WorkerIdentity identity, ILoggerFactory loggers, TimeProvider time)
    {
        this.identity = identity;
        isEmbedded = connections is EmbeddedConnections;
        logger = loggers.CreateLogger<HubLink>();
        again = Again(time);
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton(connections);
        builder.Services.AddSingleton<EndPoint>(new IPEndPoint(IPAddress.None, 0));
        builder.Services.AddSingleton(loggers);
        connection = builder.AddJsonProtocol().Build();
        connection.On<AccountId>(nameof(IWorkerClient.OutboxWaiting), OutboxWaiting);
        connection.On<AccountId>(nameof(IWorkerClient.CommandWaiting), CommandWaiting);
    }

    /// <summary>Somebody queued a message.</summary>
    public Action<AccountId> OnOutbox { get; set; } = static _ => { };

    /// <summary>Somebody asked something of an account.</summary>
    public Action<AccountId> OnCommand { get; set; } = static _ => { };

    /// <summary>The hub is there again: what it rang meanwhile is unknown.</summary>
    public Action OnConnected { get; set; } = static () => { };

    /// <summary>A hub in the same process heard the database itself.</summary>
    public void Ring(Doorbell doorbell)
    {
        if (!isEmbedded)
            waiting.Writer.TryWrite(doorbell);
    }

    public void Type(TypingView typing) => waiting.Writer.TryWrite(typing);

    public Task OutboxWaiting(AccountId accountId)
    {
        OnOutbox(accountId);
        return Task.CompletedTask;
    }

    public Task CommandWaiting(AccountId accountId)
    {
        OnCommand(accountId);
        return Task.CompletedTask;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await connection.DisposeAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task OnClosed(Exception? _)
            {
                closed.TrySetResult();
                return Task.CompletedTask;
            }

            connection.Closed += OnClosed;
            try
            {
                await again.ExecuteAsync(ConnectAsync, stoppingToken);
                await ForwardAsync(closed.Task, stoppingToken);
                Log.Away(logger);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, failure.Message);
                await connection.StopAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            finally
            {
                connection.Closed -= OnClosed;
            }
        }
    }

    private async ValueTask ConnectAsync(CancellationToken cancellationToken)
    {
        await connection.StopAsync(cancellationToken);
        await connection.StartAsync(cancellationToken);
        var refusal = await connection.InvokeAsync<string?>(
            nameof(IWorkerHub.Hello), new WorkerHello(identity.Id, WorkerProtocol.Version), cancellationToken);
        if (refusal is not null)
            throw new InvalidOperationException(refusal);

        Log.Here(logger);
        OnConnected();
    }

    private ResiliencePipeline Again(TimeProvider time) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<Exception>(failure => failure is not OperationCanceledException),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(100),
            MaxDelay = TimeSpan.FromSeconds(10),
            OnRetry = failed =>
            {
                Log.Failed(logger, failed.Outcome.Exception!.Message);
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    /// <summary>Doorbells that wait together leave together, each account's newest only.</summary>
    private async Task ForwardAsync(Task closed, CancellationToken cancellationToken)
    {
        var newest = new Dictionary<AccountId, Doorbell>();
        while (true)
        {
            var more = waiting.Reader.WaitToReadAsync(cancellationToken).AsTask();
            if (await Task.WhenAny(more, closed) == closed)
                return;

            await more;
            while (waiting.Reader.TryRead(out var item))
            {
                if (item is TypingView typing)
                    await connection.SendAsync(nameof(IWorkerHub.Typing), typing, cancellationToken);
                else if (item is Doorbell bell && !(newest.TryGetValue(bell.AccountId, out var known) && known.Seq >= bell.Seq))
                    newest[bell.AccountId] = bell;
            }

            if (newest.Count > 0)
                await connection.SendAsync(nameof(IWorkerHub.Rang), newest.Values.ToArray(), cancellationToken);
            newest.Clear();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The hub is connected.")]
        public static partial void Here(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The hub went away. This worker goes on and connects again by itself.")]
        public static partial void Away(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "There is no connection to the hub; this worker goes on and tries again by itself. {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
