namespace RealtimeWa;

internal sealed partial class AddressBook
{
    // sender_id <> 0 is always so, and lets the databases use the indexes that say so too.
    private static readonly Sql DropSenderTwins = new("""
        DELETE FROM messages WHERE account_id = @account AND sender_id = @from AND sender_id <> 0
          AND EXISTS (SELECT 1 FROM messages o WHERE o.account_id = messages.account_id AND o.wa_id = messages.wa_id AND o.from_me = messages.from_me AND o.thread_id = messages.thread_id AND o.sender_id = @to)
        """);

    private static readonly Sql MoveSender = new("UPDATE messages SET sender_id = @to WHERE account_id = @account AND sender_id = @from AND sender_id <> 0");

    private static readonly Sql DropReactions = new("""
        DELETE FROM reactions WHERE sender_id = @from AND sender_id <> 0
          AND EXISTS (SELECT 1 FROM reactions o WHERE o.message_id = reactions.message_id AND o.sender_id = @to AND o.from_me = reactions.from_me)
        """);

    private static readonly Sql MoveReactions = new("UPDATE reactions SET sender_id = @to WHERE sender_id = @from AND sender_id <> 0");

    private static readonly Sql DropReceipts = new("""
        DELETE FROM receipts WHERE sender_id = @from AND sender_id <> 0
          AND EXISTS (SELECT 1 FROM receipts o WHERE o.thread_id = receipts.thread_id AND o.wa_id = receipts.wa_id AND o.sender_id = @to AND o.from_me = receipts.from_me)
        """);

    private static readonly Sql MoveReceipts = new("UPDATE receipts SET sender_id = @to WHERE sender_id = @from AND sender_id <> 0");

    private static readonly Sql DropAmendments = new("""
        DELETE FROM amendments WHERE sender_id = @from
          AND EXISTS (SELECT 1 FROM amendments o WHERE o.thread_id = amendments.thread_id AND o.wa_id = amendments.wa_id AND o.kind = amendments.kind AND o.sender_id = @to AND o.from_me = amendments.from_me)
        """);

    private static readonly Sql MoveAmendments = new("UPDATE amendments SET sender_id = @to WHERE sender_id = @from");

    private static readonly Sql SetContact = new("UPDATE threads SET contact_id = @to WHERE id = @id");

    private static readonly Sql RemoveContact = new("DELETE FROM contacts WHERE id = @id");

    private static readonly Sql ClearPn = new("UPDATE contacts SET pn = NULL, updated_at = @now WHERE id = @id");

    // The same message may have come into both threads.
    private static readonly Sql DropTwins = new("""
        DELETE FROM messages WHERE thread_id = @from
          AND NOT EXISTS (SELECT 1 FROM outbox q WHERE q.message_id = messages.id)
          AND EXISTS (SELECT 1 FROM messages o WHERE o.account_id = messages.account_id AND o.wa_id = messages.wa_id AND o.from_me = messages.from_me AND o.thread_id = @to)
        """);

    private static readonly Sql DropSentTwins = new("""
        DELETE FROM messages WHERE thread_id = @to
          AND EXISTS (SELECT 1 FROM messages o WHERE o.account_id = messages.account_id AND o.wa_id = messages.wa_id AND o.from_me = messages.from_me AND o.thread_id = @from)
        """);

    private static readonly Sql MoveMessages = new("UPDATE messages SET thread_id = @to WHERE thread_id = @from");

    private static readonly Sql MoveOutbox = new("UPDATE outbox SET thread_id = @to WHERE thread_id = @from");

    private static readonly Sql DropThreadReceipts = new("""
        DELETE FROM receipts WHERE thread_id = @from
          AND EXISTS (SELECT 1 FROM receipts o WHERE o.thread_id = @to AND o.wa_id = receipts.wa_id AND o.sender_id = receipts.sender_id AND o.from_me = receipts.from_me)
        """);

    private static readonly Sql MoveThreadReceipts = new("UPDATE receipts SET thread_id = @to WHERE thread_id = @from");

    private static readonly Sql DropThreadAmendments = new("""
        DELETE FROM amendments WHERE thread_id = @from
          AND EXISTS (SELECT 1 FROM amendments o WHERE o.thread_id = @to AND o.wa_id = amendments.wa_id AND o.kind = amendments.kind AND o.sender_id = amendments.sender_id AND o.from_me = amendments.from_me)
        """);

    private static readonly Sql MoveThreadAmendments = new("UPDATE amendments SET thread_id = @to WHERE thread_id = @from");

    private static readonly Sql KeepReadAt = new("UPDATE threads SET read_at = @at WHERE id = @id AND read_at < @at");

    private static readonly Sql RemoveThread = new("DELETE FROM threads WHERE id = @id");

    /// <summary>A number that comes with another LID than before belongs to somebody else now; the LID is the person.</summary>
    private Contact Moved(Contact byPn, string? lid)
    {
        if (lid is null || string.Equals(byPn.Lid, lid, StringComparison.Ordinal))
        {
            return byPn;
        }

        known.Clear();
        contacts.Clear();
        var pn = byPn.Pn;
        tx.Run(ClearPn, tx.Now, byPn.Id);
        return new(tx.Number(InsertContact, account.Value, pn, lid, tx.Now)!.Value, pn, lid, Name: null, PushName: null);
    }

    /// <summary>One person under two names.</summary>
    private Contact Same(Contact byPn, Contact byLid)
    {
        known.Clear();
        contacts.Clear();
        if (byPn.Lid is not null)
        {
            // Two people, and the number went from one to the other.
            tx.Run(ClearPn, tx.Now, byPn.Id);
            return Save(byLid with { Pn = byPn.Pn });
        }

        var (keep, gone) = byPn.Id < byLid.Id ? (byPn, byLid) : (byLid, byPn);
        MergeThreads(keep.Id, gone.Id);
        tx.Run(DropSenderTwins, account.Value, gone.Id, keep.Id);
        tx.Run(MoveSender, keep.Id, account.Value, gone.Id);
        tx.Run(DropReactions, gone.Id, keep.Id);
        tx.Run(MoveReactions, keep.Id, gone.Id);
        tx.Run(DropReceipts, gone.Id, keep.Id);
        tx.Run(MoveReceipts, keep.Id, gone.Id);
        tx.Run(DropAmendments, gone.Id, keep.Id);
        tx.Run(MoveAmendments, keep.Id, gone.Id);
        tx.Run(RemoveContact, gone.Id);
        return Save(keep with
        {
            Pn = byPn.Pn,
            Lid = byLid.Lid,
            Name = keep.Name ?? gone.Name,
            PushName = keep.PushName ?? gone.PushName,
        });
    }

    private void MergeThreads(long keepContact, long goneContact)
    {
        if (tx.Row(ThreadByContact, ReadThread, account.Value, goneContact) is not { } gone)
        {
            return;
        }

        if (tx.Row(ThreadByContact, ReadThread, account.Value, keepContact) is not { } keep)
        {
            tx.Run(SetContact, keepContact, gone.Id);
            Retitled.Add(gone.Id);
            return;
        }

        if (gone.Id < keep.Id)
        {
            (keep, gone) = (gone, keep);
            tx.Run(SetContact, null, gone.Id);
            tx.Run(SetContact, keepContact, keep.Id);
        }

        tx.Run(DropTwins, gone.Id, keep.Id);
        tx.Run(DropSentTwins, keep.Id, gone.Id);
        tx.Run(MoveMessages, keep.Id, gone.Id);
        tx.Run(MoveOutbox, keep.Id, gone.Id);
        tx.Run(DropThreadReceipts, gone.Id, keep.Id);
        tx.Run(MoveThreadReceipts, keep.Id, gone.Id);
        tx.Run(DropThreadAmendments, gone.Id, keep.Id);
        tx.Run(MoveThreadAmendments, keep.Id, gone.Id);
        tx.Run(KeepReadAt, gone.ReadAt, keep.Id);
        tx.Run(RemoveThread, gone.Id);
        Merged[gone.Id] = keep.Id;
        Retitled.Add(keep.Id);
    }
}
