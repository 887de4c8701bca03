namespace RealtimeWa;

internal enum AmendmentKind
{
    Edit,
    Revoke,
    Reaction,
}

/// <summary>A change of a message by its sender, or a reaction to it.</summary>
/// <param name="Value">The new text or the emoji.</param>
internal sealed record Amendment(string WaId, AmendmentKind Kind, bool FromMe, string? Value, string? Name, long At, long Sender = 0);

/// <summary>Changes of messages, which may come before the message itself: then they wait in a table of their own.</summary>
internal sealed partial class Ingest
{
    // Only who wrote a message may edit it.
    private static readonly Sql FindEdited = new("""
        SELECT id, kind FROM messages
        WHERE account_id = @account AND wa_id = @wa_id AND from_me = @from_me AND thread_id = @thread AND sender_id = @sender
        """);

    // In a group its admins may revoke what others wrote; WhatsApp lets only them.
    private static readonly Sql FindRevoked = new("""
        SELECT MIN(id) FROM messages
        WHERE account_id = @account AND wa_id = @wa_id AND thread_id = @thread AND (from_me = @from_me OR @group = 1)
        """);

    private static readonly Sql FindReacted = new(
        "SELECT MIN(id) FROM messages WHERE account_id = @account AND wa_id = @wa_id AND thread_id = @thread");

    private static readonly Sql SetText = new("""
        UPDATE messages SET text = @text, edited_at = @at, seq = @seq
        WHERE id = @id AND is_revoked = 0 AND (edited_at IS NULL OR edited_at < @at)
        """);

    private static readonly Sql CanEdit = new(
        "SELECT COUNT(*) FROM messages WHERE id = @id AND is_revoked = 0 AND (edited_at IS NULL OR edited_at < @at)");

    private static readonly Sql SetRevoked = new("UPDATE messages SET is_revoked = 1, text = NULL, seq = @seq WHERE id = @id");

    private static readonly Sql CanRevoke = new("SELECT COUNT(*) FROM messages WHERE id = @id AND is_revoked = 0");

    private static readonly Sql FindReaction = new(
        "SELECT at, emoji FROM reactions WHERE message_id = @message AND sender_id = @sender AND from_me = @from_me");

    private static readonly Sql PutReaction = new(
        sqlite: """
            INSERT INTO reactions (message_id, sender_id, from_me, emoji, sender_name, at)
            VALUES (@message, @sender, @from_me, @emoji, @name, @at)
            ON CONFLICT (message_id, sender_id, from_me) DO UPDATE
            SET emoji = excluded.emoji, sender_name = excluded.sender_name, at = excluded.at
            """,
        sqlServer: """
            UPDATE reactions SET emoji = @emoji, sender_name = @name, at = @at
            WHERE message_id = @message AND sender_id = @sender AND from_me = @from_me;
            IF @@ROWCOUNT = 0 INSERT INTO reactions (message_id, sender_id, from_me, emoji, sender_name, at)
            VALUES (@message, @sender, @from_me, @emoji, @name, @at)
            """);

    private static readonly Sql SetSeq = new("UPDATE messages SET seq = @seq WHERE id = @id");

    private static readonly Sql FindWaiting = new(
        "SELECT kind, from_me, value, name, at, sender_id FROM amendments WHERE thread_id = @thread AND wa_id = @wa_id");

    private static readonly Sql FindWaitingTime = new("""
        SELECT at FROM amendments
        WHERE thread_id = @thread AND wa_id = @wa_id AND kind = @kind AND sender_id = @sender AND from_me = @from_me
        """);

    private static readonly Sql RemoveWaiting = new("""
        DELETE FROM amendments
        WHERE thread_id = @thread AND wa_id = @wa_id AND kind = @kind AND sender_id = @sender AND from_me = @from_me
        """);

    private static readonly Sql InsertWaiting = new("""
        INSERT INTO amendments (thread_id, wa_id, kind, sender_id, from_me, value, name, at)
        VALUES (@thread, @wa_id, @kind, @sender, @from_me, @value, @name, @at)
        """);

    private void Amend(Amendment amendment, Chat chat, Person person)
    {
        var thread = people.Thread(Whole(chat, person, amendment.FromMe));
        var (sender, name) = Sender(thread, person, amendment.FromMe);
        var whole = amendment with { WaId = WaIds.Fit(amendment.WaId), Sender = sender, Name = name ?? amendment.Name };
        if (!Apply(whole, thread))
        {
            Wait(whole, thread);
        }
    }

    /// <summary>False when its message is not here, or only its placeholder.</summary>
    private bool Apply(Amendment amendment, ThreadRow thread)
    {
        switch (amendment.Kind)
        {
            case AmendmentKind.Edit:
                var (edited, kind) = tx.Row(
                    FindEdited, static row => (row.Long(0), row.Text(1)), Account, amendment.WaId, amendment.FromMe, thread.Id, amendment.Sender);
                if (edited == 0 || string.Equals(kind, "placeholder", StringComparison.Ordinal))
                {
                    return false;
                }

                Edit(edited, amendment, thread.Id);
                return true;
            case AmendmentKind.Revoke:
                if (tx.Number(FindRevoked, Account, amendment.WaId, thread.Id, amendment.FromMe, thread.IsGroup) is not { } revoked)
                {
                    return false;
                }

                Revoke(revoked, thread.Id);
                return true;
            default:
                if (tx.Number(FindReacted, Account, amendment.WaId, thread.Id) is not { } reacted)
                {
                    return false;
                }

                React(reacted, amendment);
                return true;
        }
    }

    private void Edit(long message, Amendment edit, long thread)
    {
        if (tx.Number(CanEdit, message, edit.At) > 0)
        {
            tx.Run(SetText, edit.Value, edit.At, Number(message), message);
            threads.Add(thread);
        }
    }

    private void Revoke(long message, long thread)
    {
        if (tx.Number(CanRevoke, message) > 0)
        {
            tx.Run(SetRevoked, Number(message), message);
            threads.Add(thread);
        }
    }

    /// <summary>A removed reaction stays as an empty one, so that an older one that comes later does not bring it back.</summary>
    private void React(long message, Amendment reaction)
    {
        var (at, emoji) = tx.Row(
            FindReaction, static row => ((long?)row.Long(0), row.Text(1)), message, reaction.Sender, reaction.FromMe);
        var isLater = at is null || at < reaction.At || (at == reaction.At && string.CompareOrdinal(emoji, reaction.Value) < 0);
        if (isLater)
        {
            tx.Run(PutReaction, message, reaction.Sender, reaction.FromMe, reaction.Value, reaction.Name, reaction.At);
            tx.Run(SetSeq, Number(message), message);
        }
    }

    private void Wait(Amendment amendment, ThreadRow thread)
    {
        var kind = SnakeCase.ToName(amendment.Kind);
        var at = tx.Number(FindWaitingTime, thread.Id, amendment.WaId, kind, amendment.Sender, amendment.FromMe);
        if (at >= amendment.At)
        {
            return;
        }

        tx.Run(RemoveWaiting, thread.Id, amendment.WaId, kind, amendment.Sender, amendment.FromMe);
        tx.Run(
            InsertWaiting, thread.Id, amendment.WaId, kind, amendment.Sender, amendment.FromMe, amendment.Value, amendment.Name, amendment.At);
    }

    /// <summary>Applies what waited for a message that has just come.</summary>
    private void Catch(ThreadRow thread, string waId)
    {
        var waiting = tx.Rows(
            FindWaiting,
            row => new Amendment(waId, row.Name<AmendmentKind>(0), row.Flag(1), row.TextOrNull(2), row.TextOrNull(3), row.Long(4), row.Long(5)),
            thread.Id,
            waId);
        foreach (var amendment in waiting.Where(amendment => Apply(amendment, thread)))
        {
            tx.Run(RemoveWaiting, thread.Id, waId, SnakeCase.ToName(amendment.Kind), amendment.Sender, amendment.FromMe);
        }
    }
}
