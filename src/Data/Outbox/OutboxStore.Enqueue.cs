using System.Globalization;

namespace RealtimeWa;

public sealed partial class OutboxStore
{
    /// <summary>WhatsApp's own limit for a text.</summary>
    public const int LongestText = 65_536;

    public const int LongestToken = 100;

    private static readonly Sql FindThread = new("""
        SELECT t.account_id, t.jid, s.status
        FROM threads t JOIN accounts a ON a.id = t.account_id JOIN sessions s ON s.account_id = a.id
        WHERE t.id = @thread AND a.deleted_at IS NULL
        """);

    private static readonly Sql InsertMessage = new(
        sqlite: """
            INSERT INTO messages (account_id, thread_id, wa_id, from_me, sender_id, kind, text, at, status, seq, client_token, operator_id, created_at)
            VALUES (@account, @thread, @wa_id, 1, 0, 'text', @text, @now, 'queued', @seq, @token, @operator, @now)
            RETURNING id
            """,
        sqlServer: """
            INSERT INTO messages (account_id, thread_id, wa_id, from_me, sender_id, kind, text, at, status, seq, client_token, operator_id, created_at)
            OUTPUT inserted.id
            VALUES (@account, @thread, @wa_id, 1, 0, 'text', @text, @now, 'queued', @seq, @token, @operator, @now)
            """);

    private static readonly Sql InsertOutbox = new("""
        INSERT INTO outbox (message_id, account_id, thread_id, wa_id, chat_jid, content, state, next_at, created_at)
        VALUES (@message, @account, @thread, @wa_id, @jid, @content, 'queued', @now, @now)
        """);

    /// <summary>
    /// Queues a text: message, outbox row and event in one transaction. The same token again gives the message that it made the first
    /// time. Refused when the session is not connected.
    /// </summary>
    public async Task<Enqueued> Enqueue(SendRequest request, OperatorId? author, CancellationToken cancellationToken)
    {
        if (Refuse(request.ClientToken, request.Text) is { } refused)
        {
            return refused;
        }

        var thread = await database.Read(tx => Find(tx, request.ThreadId), cancellationToken);
        if (thread.Jid is null)
        {
            return Gone();
        }

        var draft = new Draft(WaIds.New(), thread.Jid, Content(request.Text));
        if (thread.Status == SessionStatus.Connected)
        {
            database.Bells.Announce(thread.Account, draft);
        }

        return await database.Write(thread.Account, tx => Enqueue(tx, thread.Account, request, draft.WaId, author), cancellationToken);
    }

    /// <summary>
    /// Queues a text to a phone number (digits), in the thread with it, which is made when there is none. The same token again gives the
    /// message that it made the first time, and is refused when it was another one.
    /// </summary>
    public Task<Enqueued> EnqueueTo(AccountId account, string phone, string token, string text, OperatorId? author, CancellationToken cancellationToken) =>
        Refuse(token, text) is { } refused
            ? Task.FromResult(refused)
            : database.Write(
                account,
                tx =>
                {
                    var seq = tx.Hold(account, fence: null) + 1;
                    if (MessageStore.FindByToken(tx, account, token) is { } before)
                    {
                        return IsSame(tx, before, phone, text) ? Again(account, before) : Refused(
                            SendRefusal.TokenTaken, "This key was used for another message. Use a new key for every message.");
                    }

                    if (AccountStore.Find(tx, account) is not { } view)
                    {
                        return Refused(SendRefusal.NotFound, "This number is no longer here.");
                    }

                    // Before a thread is made: what is refused leaves nothing behind.
                    if (view.Session.Status != SessionStatus.Connected)
                    {
                        return NotConnected(view.Session.Status);
                    }

                    var thread = new AddressBook(tx, account).Thread(new Chat($"{phone}@s.whatsapp.net", phone));
                    return Insert(tx, account, seq, new(new(thread.Id), token, text), WaIds.New(), thread.Jid, author);
                },
                cancellationToken);

    private static Enqueued Enqueue(Tx tx, AccountId account, SendRequest request, string waId, OperatorId? author)
    {
        var seq = tx.Hold(account, fence: null) + 1;
        if (MessageStore.FindByToken(tx, account, request.ClientToken) is { } before)
        {
            return Again(account, before);
        }

        var thread = Find(tx, request.ThreadId);
        return thread.Jid is null ? Gone()
            : thread.Status != SessionStatus.Connected ? NotConnected(thread.Status)
            : Insert(tx, account, seq, request, waId, thread.Jid, author);
    }

    private static (AccountId Account, string? Jid, SessionStatus Status) Find(Tx tx, ThreadId thread) => tx.Row(
        FindThread, static row => (new AccountId(row.Long(0)), (string?)row.Text(1), row.Name<SessionStatus>(2)), thread.Value);

    private static Enqueued Insert(Tx tx, AccountId account, long seq, SendRequest request, string waId, string jid, OperatorId? author)
    {
        var now = tx.Now;
        var id = tx.Number(
            InsertMessage, account.Value, request.ThreadId.Value, waId, request.Text, now, seq, request.ClientToken, author?.Value)!.Value;
        tx.Run(
            InsertOutbox,
            id,
            account.Value,
            request.ThreadId.Value,
            waId,
            jid,
            Content(request.Text),
            now);
        ThreadRows.Refresh(tx, request.ThreadId.Value);
        tx.Reach(account, seq);
        tx.Rings.Outbox.Add(account);
        var view = MessageStore.Find(tx, id)!;
        EventLog.Write(
            tx, account, seq, EventKind.MessageChanged, new(Thread: ThreadStore.Find(tx, request.ThreadId.Value), Message: view));
        return new(account, view, new(account, seq), Refusal: null, Sentence: null);
    }

    // The text of a message that was edited or revoked since is no longer the one that was asked for.
    private static bool IsSame(Tx tx, MessageView before, string phone, string text) =>
        string.Equals(ThreadStore.Find(tx, before.ThreadId.Value)?.Phone, phone, StringComparison.Ordinal)
        && (before.IsRevoked || before.EditedAt is not null || string.Equals(before.Text, text, StringComparison.Ordinal));

    private static Enqueued Again(AccountId account, MessageView before) => new(account, before, Doorbell: null, Refusal: null, Sentence: null);

    private static Enqueued? Refuse(string token, string text) =>
        string.IsNullOrWhiteSpace(text) || token.Length is 0 or > LongestToken ? Refused(SendRefusal.Empty, "There is nothing to send. Write a message first.")
        : text.Length > LongestText ? Refused(SendRefusal.TooLong, $"A message may have {LongestText.ToString("N0", CultureInfo.InvariantCulture)} characters. Send it in parts.")
        : null;

    private static string Content(string text) => ViewJson.Write(new TextContent(text));

    private static Enqueued Gone() => Refused(SendRefusal.NotFound, "This conversation is no longer here. Reload the page.");

    private static Enqueued Refused(SendRefusal refusal, string sentence) => new(AccountId: null, Message: null, Doorbell: null, refusal, sentence);

    private static Enqueued NotConnected(SessionStatus status) => Refused(SendRefusal.NotConnected, Sentence(status)) with { Status = status };

    private static string Sentence(SessionStatus status) => status switch
    {
        SessionStatus.Init or SessionStatus.QrRequired => "This number is not linked yet. Scan its QR code on the accounts page, then send again.",
        SessionStatus.Connecting => "This number is connecting. Wait a moment, then send again.",
        SessionStatus.Error => "This number needs attention. Look at the accounts page, then send again.",
        _ => "This number is not connected. Reconnect it on the accounts page, then send again.",
    };

    private sealed record TextContent(string Text);
}
