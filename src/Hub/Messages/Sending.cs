using System.Security.Claims;

namespace RealtimeWa;

/// <summary>What an operator sends: a row first, then the doorbells of browsers and worker.</summary>
internal sealed class Sending(OutboxStore outbox, ThreadStore threads, Permissions permissions, EventTail tail, WorkerBell workers)
{
    public async Task<SendResult> Send(ClaimsPrincipal user, SendRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await Queue(user, request, cancellationToken);
        }
        catch (StorageRefusedException refused)
        {
            return new(Message: null, SendRefusal.NotStored, refused.Message);
        }
    }

    public async Task MarkRead(ClaimsPrincipal user, ThreadId thread, MessageId upTo, CancellationToken cancellationToken)
    {
        if (await permissions.Thread(user, thread, cancellationToken) is null || await threads.MarkRead(thread, upTo, cancellationToken) is not { } marked)
        {
            return;
        }

        if (marked.CommandWaits)
        {
            workers.CommandWaiting(marked.AccountId);
        }

        if (marked.Doorbell is not null)
        {
            tail.Ring();
        }
    }

    private async Task<SendResult> Queue(ClaimsPrincipal user, SendRequest request, CancellationToken cancellationToken)
    {
        if (await permissions.Thread(user, request.ThreadId, cancellationToken) is null)
        {
            return new(Message: null, SendRefusal.NotFound, "This conversation is no longer here. Reload the page.");
        }

        var queued = await outbox.Enqueue(request, Policies.IdOf(user), cancellationToken);
        if (queued.Doorbell is not null)
        {
            workers.OutboxWaiting(queued.AccountId!.Value);
            tail.Ring();
        }

        return new(queued.Message, queued.Refusal, queued.Sentence);
    }
}
