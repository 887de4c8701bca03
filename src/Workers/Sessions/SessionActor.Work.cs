using System.Text.Json;

namespace RealtimeWa;

internal sealed partial class SessionActor
{
    private static readonly JsonSerializerOptions ArgumentJson = new(JsonSerializerDefaults.Web);

    private const int DoneTogether = 10;

    private readonly HashSet<long> commandsInFlight = [];
    private List<DoneCommand> commandsDone = [];
    private const long Minute = 60_000;
    private long lastGivenUp;

    /// <summary>One transaction for all that waits. What can't become rows is set aside alone, so that it holds up nothing.</summary>
    private async Task IngestAsync(List<SessionMail.Arrived> arrived)
    {
        if (arrived.Count == 0)
            return;

        try
        {
            if (!lease.IsHeld)
                throw new LeaseLostException();

            List<InboundItem> items = [.. arrived.SelectMany(mail => mail.Items)];
            try
            {
                Show(await tools.Inbound.Ingest(lease.Fence, items, over.Token));
            }
            catch (Exception failure) when (failure is not (LeaseLostException or StorageRefusedException or OperationCanceledException))
            {
                foreach (var item in items)
                    await IngestAloneAsync(item);
            }

            Hear(items);
            foreach (var mail in arrived)
                mail.Done?.TrySetResult();
        }
        catch (Exception failure)
        {
            replay.Owe();
            foreach (var mail in arrived)
                mail.Done?.TrySetException(failure);
            if (failure is not StorageRefusedException refused)
                throw;

            Log.Refused(tools.Logger, AccountId, refused.Message);
        }
    }

    private async Task IngestAloneAsync(InboundItem item)
    {
        try
        {
            Show(await tools.Inbound.Ingest(lease.Fence, [item], over.Token));
        }
        catch (Exception failure) when (failure is not (LeaseLostException or StorageRefusedException or OperationCanceledException))
        {
            Log.SetAside(tools.Logger, failure, AccountId, item.Key.Split('/')[0]);
            if (item.Key.Length > 0)
                await tools.Inbound.Refuse(lease.Fence, item.Key, item.At, "It could not become rows; the log of the worker has the reason.", over.Token);
        }
    }

    private void Show(Ingested ingested)
    {
        Ring(ingested.Doorbell);
        foreach (var typing in ingested.Typing)
            tools.Hub.Type(typing);
    }

    private void Hear(IEnumerable<InboundItem> items)
    {
        Move(new SessionEvent.Heard());
        var newest = items.SelectMany(item => item.Events).OfType<MessageArrived>().Select(message => (long?)message.At).Max();
        if (newest is { } at)
            Move(new SessionEvent.MessageSeen(at));
    }

    private async Task AcknowledgeAsync(SessionMail.Acknowledged acknowledged)
    {
        Move(new SessionEvent.Heard());
        Ring(acknowledged.Error is { } code
            ? await tools.Outbox.MarkRefused(lease.Fence, acknowledged.MessageId, Refused(code), over.Token)
            : await tools.Outbox.MarkAcked(lease.Fence, acknowledged.MessageId, over.Token));
        outbox.Acknowledged(acknowledged.MessageId);
    }

    private static string Refused(string code) => code switch
    {
        "463" or "475" => "WhatsApp limits how many people this number may write to for the first time. Wait a day, or let the customer write first.",
        "401" or "403" => "WhatsApp does not let this number write to this conversation.",
        "404" or "406" => "There is nobody on WhatsApp with this number.",
        _ => $"WhatsApp's server refused the message (code {code}). Send it again later.",
    };

    /// <summary>What people asked for, in its order. Marks of reading wait until there is a connection.</summary>
    private async Task ObeyAsync()
    {
        foreach (var command in await tools.Commands.Open(AccountId, over.Token))
        {
            if (command.Kind is CommandKind.MarkRead)
            {
                Begin(command);
                continue;
            }

            var refusal = await ApplyAsync(command.Kind switch
            {
                CommandKind.Connect => new SessionEvent.Connect(),
                CommandKind.Stop => new SessionEvent.Stop(),
                CommandKind.Reconnect => new SessionEvent.Reconnect(),
                CommandKind.Pair => new SessionEvent.Pair(null),
                CommandKind.PairCode => new SessionEvent.Pair(new Secret(command.Argument ?? "")),
                CommandKind.Delete => new SessionEvent.Delete(),
                CommandKind.Supersede => new SessionEvent.Superseded(),
                _ => throw new InvalidOperationException("A command of no known kind."),
            });
            await tools.Commands.Done(lease.Fence, command.Id, refusal, over.Token);
        }
    }

    private void Begin(Command command)
    {
        if (IsConnected && commandsInFlight.Add(command.Id))
            _ = MarkReadAsync(command);
    }

    private async Task MarkReadAsync(Command command)
    {
        string? error = null;
        try
        {
            var messages = JsonSerializer.Deserialize<ReadArgument>(command.Argument ?? "{}", ArgumentJson)?.Messages ?? [];
            if (messages.Count > 0)
                await tools.Provider.MarkReadAsync(lease, messages, over.Token);
        }
        catch (ProviderRefusedException refused) when (!refused.IsFinal)
        {
            Post(new SessionMail.Finished(command.Id, Error: null, IsDone: false));
            return;
        }
        catch (Exception failure) when (failure is ProviderRefusedException or JsonException)
        {
            error = failure is ProviderRefusedException ? failure.Message : "The request could not be read.";
        }
        catch (OperationCanceledException)
        {
            return;
        }

        Post(new SessionMail.Finished(command.Id, error, IsDone: true));
    }

    /// <summary>Marks of reading are done many at a time: one that is asked for again after a crash does no harm, and a write for each would.</summary>
    private async Task FinishAsync(SessionMail.Finished finished)
    {
        if (!finished.IsDone)
        {
            commandsInFlight.Remove(finished.CommandId);
            return;
        }

        commandsDone.Add(new DoneCommand(finished.CommandId, finished.Error));
        if (commandsDone.Count >= DoneTogether)
            await SaveDoneAsync();
    }

    private async Task SaveDoneAsync()
    {
        if (commandsDone.Count == 0)
            return;

        await tools.Commands.Done(lease.Fence, commandsDone, over.Token);
        commandsInFlight.ExceptWith(commandsDone.Select(done => done.Id));
        commandsDone = [];
    }

    private async Task SweepAsync()
    {
        if (isUnsaved)
            await SaveAsync(saved, null);
        await SaveDoneAsync();

        var now = Now().At;
        Ring(await gaps.SweepAsync(now, over.Token));
        if (IsConnected)
        {
            if (isResumeOwed)
                await ResumeAsync();
            replay.WakeIfOwed();
            await SendAgainAsync(now - (long)tools.Options.AckTimeout.TotalMilliseconds);
        }
        else
        {
            await GiveUpHopeAsync(now, (long)tools.Options.UnknownAfter.TotalMilliseconds);
        }
    }

    /// <summary>Written, the connection lives, and no acknowledgement: the same message once more, which the phone shows once.</summary>
    private async Task SendAgainAsync(long writtenBefore)
    {
        if (!outbox.AwaitsSince(writtenBefore))
            return;

        await tools.Outbox.Requeue(lease.Fence, writtenBefore, over.Token);
        outbox.ForgetAwaited(writtenBefore);
        outbox.Wake();
    }

    private async Task GiveUpHopeAsync(long now, long patience)
    {
        if (now - Math.Max(View.LastConnectedAt ?? 0, View.Since) <= patience || now - lastGivenUp < Minute)
            return;

        lastGivenUp = now;
        Ring(await tools.Outbox.MarkUnknown(lease.Fence, now - patience, over.Token));
    }
}
