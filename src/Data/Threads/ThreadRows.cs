namespace RealtimeWa;

/// <summary>What a thread shows of its messages, always computed from them: whatever order they came in, it is right.</summary>
internal static class ThreadRows
{
    private static readonly Sql Newest = new(
        sqlite: """
            SELECT id, at, text, kind, from_me, status, (SELECT COUNT(*) FROM messages u WHERE u.thread_id = @thread AND u.is_unread = 1)
            FROM messages WHERE thread_id = @thread ORDER BY at DESC, id DESC LIMIT 1
            """,
        sqlServer: """
            SELECT TOP (1) id, at, text, kind, from_me, status, (SELECT COUNT(*) FROM messages u WHERE u.thread_id = @thread AND u.is_unread = 1)
            FROM messages WHERE thread_id = @thread ORDER BY at DESC, id DESC
            """);

    private static readonly Sql SetLast = new("""
        UPDATE threads SET last_message_id = @message, last_message_at = @at, last_text = @text, last_kind = @kind,
          last_from_me = @from_me, last_status = @status, unread = @unread
        WHERE id = @thread
        """);

    // A list shows one line.
    private const int Preview = 200;

    public static void Refresh(Tx tx, long thread)
    {
        var last = tx.Row(
            Newest,
            static row => (Id: row.Long(0), At: row.Long(1), Text: row.TextOrNull(2), Kind: row.Text(3), FromMe: row.Long(4), Status: row.Text(5), Unread: row.Count(6)),
            thread);
        if (last.Id == 0)
        {
            return;
        }

        tx.Run(SetLast, last.Id, last.At, Cut(last.Text), last.Kind, last.FromMe, last.Status, last.Unread, thread);
    }

    private static string? Cut(string? text)
    {
        if (text is null || text.Length <= Preview)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[Preview - 1]) ? Preview - 1 : Preview;
        return text[..end];
    }
}
