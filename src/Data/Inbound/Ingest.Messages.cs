using System.Data.Common;

namespace RealtimeWa;

internal sealed partial class Ingest
{
    // All that is known about a message before it is written, in one look.
    private static readonly Sql Look = new("""
        SELECT m.id, m.kind, t.read_at,
          (SELECT COUNT(*) FROM receipts r WHERE r.thread_id = t.id AND r.wa_id = @wa_id),
          (SELECT COUNT(*) FROM receipts r WHERE r.thread_id = t.id AND r.wa_id = @wa_id AND r.from_me = 1),
          (SELECT COUNT(*) FROM amendments w WHERE w.thread_id = t.id AND w.wa_id = @wa_id)
        FROM threads t LEFT JOIN messages m
          ON m.account_id = @account AND m.wa_id = @wa_id AND m.from_me = @from_me AND m.thread_id = t.id AND m.sender_id = @sender
        WHERE t.id = @thread
        """);

    // Our own ids are ours alone, whatever name the chat goes by.
    private static readonly Sql FindOwn = new(
        "SELECT MIN(id) FROM messages WHERE account_id = @account AND wa_id = @wa_id AND from_me = 1 AND client_token IS NOT NULL");

    private static readonly Sql InsertMessage = new(
        sqlite: """
            INSERT INTO messages (account_id, thread_id, wa_id, from_me, sender_id, sender_name, kind, text, at, status, seq, is_unread,
              quoted_wa_id, created_at)
            VALUES (@account, @thread, @wa_id, @from_me, @sender, @sender_name, @kind, @text, @at, @status, @seq, @unread, @quoted, @now)
            RETURNING id
            """,
        sqlServer: """
            INSERT INTO messages (account_id, thread_id, wa_id, from_me, sender_id, sender_name, kind, text, at, status, seq, is_unread,
              quoted_wa_id, created_at)
            OUTPUT inserted.id
            VALUES (@account, @thread, @wa_id, @from_me, @sender, @sender_name, @kind, @text, @at, @status, @seq, @unread, @quoted, @now)
            """);

    private static readonly Sql Replace = new("""
        UPDATE messages SET kind = @kind, text = @text, at = @at, quoted_wa_id = @quoted, sender_name = @sender_name, seq = @seq WHERE id = @id
        """);

    private static readonly Sql SetStatus = new("UPDATE messages SET status = @status, error = NULL, seq = @seq WHERE id = @id");

    private static readonly Sql ReadBefore = new(
        "UPDATE messages SET is_unread = 0 WHERE thread_id = @thread AND is_unread = 1 AND at <= @at");

    private static readonly Sql SetReadAt = new("UPDATE threads SET read_at = @at WHERE id = @thread AND read_at < @at");

    private void Message(MessageArrived arrived)
    {
        var message = arrived with { Id = WaIds.Fit(arrived.Id) };
        if (message.FromMe && tx.Number(FindOwn, Account, message.Id) is { } own)
        {
            // An echo of what was sent here: it proves that WhatsApp has it.
            Raise(own, MessageStatus.Sent);
            return;
        }

        var thread = people.Thread(Whole(message.Chat, message.Sender, message.FromMe));
        if (message.Chat.Name is { } name)
        {
            thread = people.Named(thread, name);
        }

        var (sender, senderName) = Sender(thread, message.Sender, message.FromMe);
        var known = tx.Row(Look, Known.Read, message.Id, Account, message.FromMe, sender, thread.Id)!;
        if (known.Id is not { } id)
        {
            Add(message, thread, sender, senderName, known);
        }
        else if (string.Equals(known.Kind, "placeholder", StringComparison.Ordinal) && message.Kind != MessageKind.Placeholder)
        {
            tx.Run(Replace, SnakeCase.ToName(message.Kind), message.Text, message.At, Quoted(message), senderName, Number(id), id);
            threads.Add(thread.Id);
            Catch(thread, message.Id);
        }
    }

    private void Add(MessageArrived message, ThreadRow thread, long sender, string? senderName, Known known)
    {
        var isUnread = !message.FromMe && !message.History && message.At >= known.ReadAt && !known.IsReadElsewhere;
        var status = message.FromMe ? MessageStatus.Sent : MessageStatus.Received;
        var quoted = Quoted(message);
        var number = ++seq;
        var id = tx.Number(
            InsertMessage,
            Account,
            thread.Id,
            message.Id,
            message.FromMe,
            sender,
            senderName,
            SnakeCase.ToName(message.Kind),
            message.Text,
            message.At,
            SnakeCase.ToName(status),
            number,
            isUnread,
            quoted,
            tx.Now)!.Value;
        messages[id] = number;
        order.Add(id);
        fresh[id] = new(
            new(id),
            new(thread.Id),
            fence.AccountId,
            message.Id,
            message.FromMe,
            senderName,
            message.Kind,
            message.Text,
            message.At,
            status,
            Error: null,
            number,
            EditedAt: null,
            IsRevoked: false,
            quoted,
            ClientToken: null,
            Operator: null,
            Reactions: []);
        threads.Add(thread.Id);
        if (message.FromMe && !message.History)
        {
            ReadUntil(thread.Id, message.At);
        }

        if (message.FromMe && known.HasReceipts)
        {
            CatchReceipts(id, thread, message.Id);
        }

        if (known.HasAmendments)
        {
            Catch(thread, message.Id);
        }
    }

    private sealed record Known(long? Id, string? Kind, long ReadAt, bool HasReceipts, bool IsReadElsewhere, bool HasAmendments)
    {
        public static Known Read(DbDataReader row) =>
            new(row.LongOrNull(0), row.TextOrNull(1), row.Long(2), row.Count(3) > 0, row.Count(4) > 0, row.Count(5) > 0);
    }

    /// <summary>Whoever writes from the phone has seen what came before.</summary>
    private void ReadUntil(long thread, long at)
    {
        tx.Run(SetReadAt, at, thread);
        if (tx.Run(ReadBefore, thread, at) > 0)
        {
            threads.Add(thread);
        }
    }

    private void Raise(long message, MessageStatus status)
    {
        var (current, thread) = tx.Row(CurrentStatus, static row => (row.Name<MessageStatus>(0), row.Long(1)), message);
        if (StatusOrder.Later(current, status) == current)
        {
            return;
        }

        tx.Run(SetStatus, SnakeCase.ToName(status), Number(message), message);
        threads.Add(thread);

        // It arrived, so it must not be written again, even when the ack of it was lost.
        tx.Run(SetDone, message);
    }

    private static readonly Sql SetDone = new(
        "UPDATE outbox SET state = 'done' WHERE message_id = @message AND state IN ('queued', 'writing', 'written')");

    private static readonly Sql CurrentStatus = new("SELECT status, thread_id FROM messages WHERE id = @id");

    private static string? Quoted(MessageArrived message) => message.QuotedId is null ? null : WaIds.Fit(message.QuotedId);

    /// <summary>In a direct chat the person who writes is the chat, and says more about it.</summary>
    private static Chat Whole(Chat chat, Person sender, bool fromMe) => chat.Group || fromMe
        ? chat with { Name = null }
        : chat with { Pn = chat.Pn ?? sender.Pn, Lid = chat.Lid ?? sender.Lid, Name = null };

    /// <summary>0 in direct chats and for ourselves.</summary>
    private (long Id, string? Name) Sender(ThreadRow thread, Person sender, bool fromMe)
    {
        if (fromMe)
        {
            return (0, null);
        }

        if (!thread.IsGroup)
        {
            people.PushNamed(thread, sender.Name);
            return (0, null);
        }

        if (people.Person(sender.Pn, sender.Lid) is not { } contact)
        {
            return (0, sender.Name);
        }

        contact = people.PushNamed(contact, sender.Name);
        return (contact.Id, contact.Title);
    }
}
