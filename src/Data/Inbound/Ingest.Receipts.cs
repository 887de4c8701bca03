namespace RealtimeWa;

/// <summary>Receipts are kept per person and message, so that one that comes before its message is not lost.</summary>
internal sealed partial class Ingest
{
    private static readonly Sql FindReceipt = new(
        "SELECT status FROM receipts WHERE thread_id = @thread AND wa_id = @wa_id AND sender_id = @sender AND from_me = @from_me");

    private static readonly Sql PutReceipt = new(
        sqlite: """
            INSERT INTO receipts (thread_id, wa_id, sender_id, from_me, status, at)
            VALUES (@thread, @wa_id, @sender, @from_me, @status, @at)
            ON CONFLICT (thread_id, wa_id, sender_id, from_me) DO UPDATE SET status = excluded.status, at = excluded.at
            """,
        sqlServer: """
            UPDATE receipts SET status = @status, at = @at
            WHERE thread_id = @thread AND wa_id = @wa_id AND sender_id = @sender AND from_me = @from_me;
            IF @@ROWCOUNT = 0 INSERT INTO receipts (thread_id, wa_id, sender_id, from_me, status, at)
            VALUES (@thread, @wa_id, @sender, @from_me, @status, @at)
            """);

    private static readonly Sql FindReceipts = new(
        "SELECT status FROM receipts WHERE thread_id = @thread AND wa_id = @wa_id AND from_me = 0");

    private static readonly Sql FindSent = new(
        "SELECT MIN(id) FROM messages WHERE account_id = @account AND wa_id = @wa_id AND from_me = 1 AND thread_id = @thread");

    private static readonly Sql FindReadTime = new(
        "SELECT at FROM messages WHERE account_id = @account AND wa_id = @wa_id AND from_me = 0 AND thread_id = @thread");

    // Whoever acknowledges a message of ours in a direct chat is the one we wrote to, even under a name that we don't know yet.
    private static readonly Sql FindRecipient = new("""
        SELECT c.pn, c.lid FROM messages m JOIN threads t ON t.id = m.thread_id JOIN contacts c ON c.id = t.contact_id
        WHERE m.account_id = @account AND m.wa_id = @wa_id AND m.from_me = 1 AND t.is_group = 0
        """);

    private void Receipt(ReceiptArrived receipt)
    {
        if (receipt.FromMe && receipt.Status == ReceiptStatus.Delivered)
        {
            // Our own phone got it; that says nothing about the customer.
            return;
        }

        var ids = receipt.Ids.Select(WaIds.Fit).ToList();
        var thread = people.Thread(Recipient(Whole(receipt.Chat, receipt.Sender, receipt.FromMe), ids));
        var (sender, _) = Sender(thread, receipt.Sender with { Name = null }, receipt.FromMe);
        foreach (var id in ids)
        {
            Keep(receipt, thread.Id, id, sender);
            if (receipt.FromMe)
            {
                if (tx.Number(FindReadTime, Account, id, thread.Id) is { } at)
                {
                    ReadUntil(thread.Id, at);
                }
            }
            else if (tx.Number(FindSent, Account, id, thread.Id) is { } message)
            {
                Raise(message, Status(receipt.Status, thread));
            }
        }
    }

    private Chat Recipient(Chat chat, List<string> ids)
    {
        if (chat.Group || ids.Count == 0)
        {
            return chat;
        }

        var (pn, lid) = tx.Row(FindRecipient, static row => (row.TextOrNull(0), row.TextOrNull(1)), Account, ids[0]);
        var chatPn = Jids.User(chat.Pn) ?? Jids.PnOf(chat.Jid);
        var chatLid = Jids.User(chat.Lid) ?? Jids.LidOf(chat.Jid);
        return (pn, lid) switch
        {
            ({ }, null) when chatPn is null && chatLid is not null => chat with { Pn = pn },
            (null, { }) when chatLid is null && chatPn is not null => chat with { Lid = lid },
            _ => chat,
        };
    }

    private void Keep(ReceiptArrived receipt, long thread, string id, long sender)
    {
        var known = tx.Row(FindReceipt, static row => (ReceiptStatus?)row.Name<ReceiptStatus>(0), thread, id, sender, receipt.FromMe);
        if (known is null || known < receipt.Status)
        {
            tx.Run(PutReceipt, thread, id, sender, receipt.FromMe, SnakeCase.ToName(receipt.Status), receipt.At);
        }
    }

    private void CatchReceipts(long message, ThreadRow thread, string id)
    {
        foreach (var status in tx.Rows(FindReceipts, static row => row.Name<ReceiptStatus>(0), thread.Id, id))
        {
            Raise(message, Status(status, thread));
        }
    }

    /// <summary>One member's reading says nothing about the others: in a group the ticks stay at delivered, receipts tell who read.</summary>
    private static MessageStatus Status(ReceiptStatus status, ThreadRow thread) => thread.IsGroup ? MessageStatus.Delivered : status switch
    {
        ReceiptStatus.Delivered => MessageStatus.Delivered,
        ReceiptStatus.Read => MessageStatus.Read,
        _ => MessageStatus.Played,
    };
}
