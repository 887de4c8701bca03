using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace RealtimeWa;

/// <summary>The hub as a worker meets it: it writes down what was rung, and can ring.</summary>
internal sealed class TestHub(TestHub.Heard heard) : Hub<IWorkerClient>, IWorkerHub
{
    public Task<string?> Hello(WorkerHello hello)
    {
        heard.Workers.Enqueue(hello.WorkerId);
        return Task.FromResult(heard.Refusal);
    }

    public Task Rang(IReadOnlyList<Doorbell> doorbells)
    {
        foreach (var doorbell in doorbells)
            heard.Doorbells.Enqueue(doorbell);
        return Task.CompletedTask;
    }

    public Task Typing(TypingView typing)
    {
        heard.Typing.Enqueue(typing);
        return Task.CompletedTask;
    }

    public static void Add(IServiceCollection services)
    {
        services.AddLogging();
        services.AddSignalR();
        services.AddSingleton<Heard>();
        services.AddSingleton<AcceptWorker>(provider => async (transport, stopping) =>
        {
            var connection = new DefaultConnectionContext(Guid.NewGuid().ToString("N"))
            {
                Transport = transport,
                User = new ClaimsPrincipal(new ClaimsIdentity("worker")),
            };
            provider.GetRequiredService<Heard>().Connections.Enqueue(connection);
            await using var ending = stopping.Register(connection.Abort);
            await provider.GetRequiredService<HubConnectionHandler<TestHub>>().OnConnectedAsync(connection);
        });
        services.AddSingleton<HubConnectionHandler<TestHub>>();
    }

    internal sealed class Heard
    {
        public ConcurrentQueue<string> Workers { get; } = [];

        public ConcurrentQueue<Doorbell> Doorbells { get; } = [];

        public ConcurrentQueue<TypingView> Typing { get; } = [];

        public ConcurrentQueue<ConnectionContext> Connections { get; } = [];

        public string? Refusal { get; set; }
    }
}
