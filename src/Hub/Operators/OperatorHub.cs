using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace RealtimeWa;

/// <summary>The door of browsers: every method says who may come in, and hands on.</summary>
[Authorize(Policies.Employee)]
internal sealed class OperatorHub(Reading reading, Sending sending, AccountActions actions, Connections connections) : Hub<IOperatorClient>, IOperatorHub
{
    private CancellationToken Gone => Context.ConnectionAborted;

    public override async Task OnConnectedAsync()
    {
        connections.Add(Context);
        await Groups.AddToGroupAsync(Context.ConnectionId, RealtimeWa.Groups.Everything, Gone);
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        connections.Remove(Context);
        return Task.CompletedTask;
    }

    public Task<Snapshot> Snapshot() => reading.Snapshot(Context.User!, Gone);

    public Task<IReadOnlyList<CatchUp>> CatchUpAll(IReadOnlyList<Seen> seen) => reading.CatchUpAll(Context.User!, seen, Gone);

    public Task<CatchUp> CatchUp(AccountId accountId, long after) => reading.CatchUp(Context.User!, accountId, after, Gone);

    public Task<IReadOnlyList<ThreadView>> Threads(long beforeAt, ThreadId beforeId) => reading.Threads(Context.User!, beforeAt, beforeId, Gone);

    public Task<ThreadView?> Thread(ThreadId threadId) => reading.Thread(Context.User!, threadId, Gone);

    public Task<MessagePage?> Messages(ThreadId threadId, MessageCursor? before) => reading.Messages(Context.User!, threadId, before, Gone);

    // Once queued it must stay queued, also when the browser goes away in this moment: these do not end with the connection.
    public Task<SendResult> Send(SendRequest request) => sending.Send(Context.User!, request, CancellationToken.None);

    public Task MarkRead(ThreadId threadId, MessageId upTo) => sending.MarkRead(Context.User!, threadId, upTo, CancellationToken.None);

    [Authorize(Policies.Manager)]
    public Task<QrView?> Qr(AccountId accountId) => reading.Qr(Context.User!, accountId, Gone);

    [Authorize(Policies.Manager)]
    public Task<AccountHistory?> History(AccountId accountId) => reading.History(Context.User!, accountId, Gone);

    [Authorize(Policies.Admin)]
    public Task<AccountResult> AddAccount(string label) => actions.Add(Context.User!, label, CancellationToken.None);

    [Authorize(Policies.Admin)]
    public Task<AccountResult> Relabel(AccountId accountId, string label) => actions.Relabel(Context.User!, accountId, label, CancellationToken.None);

    [Authorize(Policies.Manager)]
    public Task<AccountResult> Pair(AccountId accountId) => actions.Pair(Context.User!, accountId, CancellationToken.None);

    [Authorize(Policies.Manager)]
    public Task<AccountResult> PairByCode(AccountId accountId, string phone) => actions.PairByCode(Context.User!, accountId, phone, CancellationToken.None);

    [Authorize(Policies.Manager)]
    public Task<AccountResult> Reconnect(AccountId accountId) => actions.Reconnect(Context.User!, accountId, CancellationToken.None);

    [Authorize(Policies.Manager)]
    public Task<AccountResult> Stop(AccountId accountId) => actions.Stop(Context.User!, accountId, CancellationToken.None);

    [Authorize(Policies.Admin)]
    public Task<AccountResult> Delete(AccountId accountId) => actions.Delete(Context.User!, accountId, CancellationToken.None);
}
