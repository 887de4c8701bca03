namespace RealtimeWa;

/// <summary>A person that an account knows; phone number, LID or both.</summary>
internal sealed record Contact(long Id, string? Pn, string? Lid, string? Name, string? PushName)
{
    public string Title => Name ?? PushName ?? (Pn is null ? "Unknown number" : "+" + Pn);
}

/// <summary>A thread as ingest needs it.</summary>
internal sealed record ThreadRow(long Id, long? ContactId, string Jid, bool IsGroup, string Title, long ReadAt);

/// <summary>
/// Finds people and threads of one account by phone number, LID or jid, makes those that are new, and makes one of two when it becomes
/// known that they are the same person. Works inside a transaction that holds the account.
/// </summary>
internal sealed partial class AddressBook(Tx tx, AccountId account)
{
    private static readonly Sql ContactByPn = new("SELECT id, pn, lid, name, push_name FROM contacts WHERE account_id = @account AND pn = @pn");

    private static readonly Sql ContactByLid = new("SELECT id, pn, lid, name, push_name FROM contacts WHERE account_id = @account AND lid = @lid");

    private static readonly Sql ContactById = new("SELECT id, pn, lid, name, push_name FROM contacts WHERE id = @id");

    private static readonly Sql InsertContact = new(
        sqlite: "INSERT INTO contacts (account_id, pn, lid, updated_at) VALUES (@account, @pn, @lid, @now) RETURNING id",
        sqlServer: "INSERT INTO contacts (account_id, pn, lid, updated_at) OUTPUT inserted.id VALUES (@account, @pn, @lid, @now)");

    private static readonly Sql UpdateContact = new(
        "UPDATE contacts SET pn = @pn, lid = @lid, name = @name, push_name = @push_name, updated_at = @now WHERE id = @id");

    private static readonly Sql ThreadByContact = new(
        "SELECT id, contact_id, jid, is_group, title, read_at FROM threads WHERE account_id = @account AND contact_id = @contact");

    private static readonly Sql ThreadByJid = new(
        "SELECT id, contact_id, jid, is_group, title, read_at FROM threads WHERE account_id = @account AND jid = @jid");

    private static readonly Sql InsertThread = new(
        sqlite: """
            INSERT INTO threads (account_id, contact_id, jid, is_group, title) VALUES (@account, @contact, @jid, @group, @title) RETURNING id
            """,
        sqlServer: """
            INSERT INTO threads (account_id, contact_id, jid, is_group, title) OUTPUT inserted.id
            VALUES (@account, @contact, @jid, @group, @title)
            """);

    private static readonly Sql SetTitle = new("UPDATE threads SET title = @title WHERE id = @id");

    private static readonly Sql SetJid = new("UPDATE threads SET jid = @jid WHERE id = @id");

    private readonly Dictionary<Chat, ThreadRow> known = [];
    private readonly Dictionary<long, Contact> contacts = [];

    /// <summary>Threads whose title changed.</summary>
    public HashSet<long> Retitled { get; } = [];

    public bool HasMerged => Merged.Count > 0;

    /// <summary>Threads that went into another one: gone, survivor.</summary>
    public Dictionary<long, long> Merged { get; } = [];

    public ThreadRow Thread(Chat chat)
    {
        if (known.TryGetValue(chat, out var remembered))
        {
            return remembered;
        }

        var thread = chat.Group ? Group(chat) : Direct(chat);
        known[chat] = thread;
        return thread;
    }

    /// <summary>Nothing when neither number nor LID is known.</summary>
    public Contact? Person(string? pn, string? lid)
    {
        pn = Jids.User(pn);
        lid = Jids.User(lid);
        var byPn = pn is null ? null : tx.Row(ContactByPn, Read, account.Value, pn);
        var byLid = lid is null ? null : tx.Row(ContactByLid, Read, account.Value, lid);
        return (byPn, byLid) switch
        {
            (null, null) when pn is null && lid is null => null,
            (null, null) => new(tx.Number(InsertContact, account.Value, pn, lid, tx.Now)!.Value, pn, lid, Name: null, PushName: null),
            ({ } one, null) => lid is null || one.Lid is not null ? Moved(one, lid) : Save(one with { Lid = lid }),
            (null, { } one) => pn is null || string.Equals(one.Pn, pn, StringComparison.Ordinal) ? one : Save(one with { Pn = pn }),
            ({ } one, { } two) => one.Id == two.Id ? one : Same(one, two),
        };
    }

    /// <summary>What a person calls himself; the address book's name wins in titles.</summary>
    public Contact PushNamed(Contact contact, string? pushName) =>
        string.IsNullOrWhiteSpace(pushName) || string.Equals(contact.PushName, pushName, StringComparison.Ordinal)
            ? contact
            : Save(contact with { PushName = pushName });

    public void PushNamed(ThreadRow thread, string? pushName)
    {
        if (thread.ContactId is { } id && !string.IsNullOrWhiteSpace(pushName))
        {
            PushNamed(contacts.TryGetValue(id, out var contact) ? contact : contacts[id] = tx.Row(ContactById, Read, id)!, pushName);
        }
    }

    /// <summary>The name in the account's address book, or a group's subject.</summary>
    public ThreadRow Named(ThreadRow thread, string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return thread;
        }

        if (thread.ContactId is { } id)
        {
            var contact = tx.Row(ContactById, Read, id)!;
            if (!string.Equals(contact.Name, name, StringComparison.Ordinal))
            {
                Save(contact with { Name = name });
            }

            return thread;
        }

        Retitle(thread, name);
        return thread with { Title = name };
    }

    private ThreadRow Group(Chat chat) =>
        tx.Row(ThreadByJid, ReadThread, account.Value, chat.Jid) ?? Add(contact: null, chat.Jid, isGroup: true, chat.Name ?? "Group");

    private ThreadRow Direct(Chat chat)
    {
        var contact = Person(chat.Pn ?? Jids.PnOf(chat.Jid), chat.Lid ?? Jids.LidOf(chat.Jid));
        if (contact is null)
        {
            return tx.Row(ThreadByJid, ReadThread, account.Value, chat.Jid) ?? Add(contact: null, chat.Jid, isGroup: false, chat.Name ?? chat.Jid);
        }

        if (tx.Row(ThreadByContact, ReadThread, account.Value, contact.Id) is not { } thread)
        {
            return Add(contact.Id, chat.Jid, isGroup: false, contact.Title);
        }

        // The jid that was used last is the one that WhatsApp routes now.
        if (!string.Equals(thread.Jid, chat.Jid, StringComparison.Ordinal) && tx.Row(ThreadByJid, ReadThread, account.Value, chat.Jid) is null)
        {
            tx.Run(SetJid, chat.Jid, thread.Id);
            thread = thread with { Jid = chat.Jid };
        }

        return thread;
    }

    private ThreadRow Add(long? contact, string jid, bool isGroup, string title)
    {
        if (contact is not null && tx.Row(ThreadByJid, ReadThread, account.Value, jid) is { } taken)
        {
            // The number went over to another person: the older thread keeps its messages under a jid that nobody has.
            tx.Run(SetJid, $"{jid}#{taken.Id}", taken.Id);
        }

        return new(tx.Number(InsertThread, account.Value, contact, jid, isGroup, title)!.Value, contact, jid, isGroup, title, ReadAt: 0);
    }

    private Contact Save(Contact contact)
    {
        contacts[contact.Id] = contact;
        tx.Run(UpdateContact, contact.Pn, contact.Lid, contact.Name, contact.PushName, tx.Now, contact.Id);
        if (tx.Row(ThreadByContact, ReadThread, account.Value, contact.Id) is { } thread)
        {
            Retitle(thread, contact.Title);
        }

        return contact;
    }

    private void Retitle(ThreadRow thread, string title)
    {
        if (!string.Equals(thread.Title, title, StringComparison.Ordinal))
        {
            tx.Run(SetTitle, title, thread.Id);
            Retitled.Add(thread.Id);
        }
    }

    private static Contact Read(System.Data.Common.DbDataReader row) =>
        new(row.Long(0), row.TextOrNull(1), row.TextOrNull(2), row.TextOrNull(3), row.TextOrNull(4));

    private static ThreadRow ReadThread(System.Data.Common.DbDataReader row) =>
        new(row.Long(0), row.LongOrNull(1), row.Text(2), row.Flag(3), row.Text(4), row.Long(5));
}
