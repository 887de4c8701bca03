namespace RealtimeWa;

/// <summary>
/// Makes rows of what happened to one account, inside one transaction that holds it. Events are written at the end, one per message
/// that changed, with the state after all of it; numbers are counted from the one that was held and set once.
/// </summary>
internal sealed partial class Ingest
{
    private static readonly Sql MarkDone = new("""
        UPDATE inbound SET done_at = @now WHERE account_id = @account AND record_key = @key AND at <= @at AND done_at IS NULL
        """);

    private readonly Tx tx;
    private readonly Fence fence;
    private readonly long held;
    private readonly AddressBook people;
    private readonly Dictionary<long, long> messages = [];
    private readonly List<long> order = [];

    // New rows that nothing has changed since: their views need no reading.
    private readonly Dictionary<long, MessageView> fresh = [];
    private readonly HashSet<long> threads = [];
    private readonly List<TypingView> typing = [];
    private long seq;

    /// <param name="held">The account's newest number, as <see cref="Tx.Hold"/> gave it.</param>
    public Ingest(Tx tx, Fence fence, long held)
    {
        this.tx = tx;
        this.fence = fence;
        this.held = seq = held;
        people = new(tx, fence.AccountId);
    }

    private long Account => fence.AccountId.Value;

    /// <summary>Makes rows of what a record became, and marks the record done.</summary>
    public void Take(InboundItem item)
    {
        foreach (var happened in item.Events)
        {
            Take(happened);
        }

        if (item.Key.Length > 0)
        {
            tx.Run(MarkDone, tx.Now, Account, item.Key, item.At);
        }
    }

    private void Take(InboundEvent happened)
    {
        switch (happened)
        {
            case MessageArrived message:
                Message(message);
                break;
            case PlaceholderArrived p:
                Message(new(p.Id, p.Chat, p.Sender, p.FromMe, p.At, MessageKind.Placeholder));
                break;
            case MessageEdited edit:
                Amend(new(edit.Id, AmendmentKind.Edit, edit.FromMe, edit.Text, Name: null, edit.At), edit.Chat, edit.Sender);
                break;
            case MessageRevoked revoke:
                Amend(new(revoke.Id, AmendmentKind.Revoke, revoke.FromMe, Value: null, Name: null, revoke.At), revoke.Chat, revoke.Sender);
                break;
            case ReactionArrived r:
                Amend(new(r.Id, AmendmentKind.Reaction, r.FromMe, r.Emoji, r.Sender.Name, r.At), r.Chat, r.Sender);
                break;
            case ReceiptArrived receipt:
                Receipt(receipt);
                break;
            case TypingArrived writes:
                Typing(writes);
                break;
            case ChatNamed named:
                people.Named(people.Thread(named.Chat), named.Name);
                break;
        }
    }

    /// <summary>Writes the events and the number reached.</summary>
    public Ingested Finish()
    {
        threads.UnionWith(people.Retitled);
        foreach (var gone in people.Merged.Keys)
        {
            threads.Remove(gone);
        }

        foreach (var thread in threads)
        {
            ThreadRows.Refresh(tx, thread);
        }

        var views = order.Select(id => fresh.TryGetValue(id, out var view) && !people.HasMerged ? view : MessageStore.Find(tx, id)).OfType<MessageView>().ToList();
        var last = new Dictionary<long, MessageView>();
        foreach (var view in views)
        {
            last[view.ThreadId.Value] = view;
        }

        foreach (var view in views)
        {
            // The thread goes with the last of its messages: nobody needs it sixty times.
            var thread = ReferenceEquals(last[view.ThreadId.Value], view) ? ThreadStore.Find(tx, view.ThreadId.Value) : null;
            EventLog.Write(tx, fence.AccountId, view.Seq, EventKind.MessageChanged, new(Thread: thread, Message: view));
        }

        Threads(last);
        if (seq == held)
        {
            return new(Doorbell: null, typing);
        }

        tx.Reach(fence.AccountId, seq);
        return new(new(fence.AccountId, seq), typing);
    }

    private void Threads(Dictionary<long, MessageView> told)
    {
        foreach (var (gone, survivor) in people.Merged)
        {
            Tell(survivor, new ThreadId(gone));
        }

        foreach (var thread in threads.Where(id => !told.ContainsKey(id) && !people.Merged.ContainsValue(id)).Order())
        {
            Tell(thread, gone: null);
        }
    }

    private void Tell(long thread, ThreadId? gone)
    {
        if (ThreadStore.Find(tx, thread) is { LastMessageAt: > 0 } view)
        {
            EventLog.Write(tx, fence.AccountId, ++seq, EventKind.ThreadChanged, new(Thread: view, GoneThread: gone));
        }
    }

    /// <summary>The number under which a message's change is told; one per message, however often it changes.</summary>
    private long Number(long message)
    {
        fresh.Remove(message);
        if (!messages.TryGetValue(message, out var number))
        {
            messages[message] = number = ++seq;
            order.Add(message);
        }

        return number;
    }

    private void Typing(TypingArrived writes)
    {
        // Somebody who has never written has no thread to show it in, and typing makes none.
        if (tx.Number(TypingThread, Account, writes.Chat.Jid, Jids.User(writes.Chat.Pn) ?? Jids.PnOf(writes.Chat.Jid), Jids.User(writes.Chat.Lid) ?? Jids.LidOf(writes.Chat.Jid)) is { } thread)
        {
            typing.Add(new(fence.AccountId, new(thread), writes.State == TypingState.Composing));
        }
    }

    private static readonly Sql TypingThread = new("""
        SELECT MIN(t.id) FROM threads t LEFT JOIN contacts c ON c.id = t.contact_id
        WHERE t.account_id = @account AND (t.jid = @jid OR c.pn = @pn OR c.lid = @lid)
        """);
}
