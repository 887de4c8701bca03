namespace RealtimeWa;

/// <summary>Why the database refused.</summary>
public enum StorageRefusal
{
    /// <summary>No room on the disk, or a limit was reached.</summary>
    Full,

    /// <summary>Another process held the database for too long.</summary>
    Busy,

    /// <summary>The file is damaged or no database.</summary>
    Corrupted,

    /// <summary>The file or server can't be opened or written.</summary>
    Unavailable,

    /// <summary>The database was written by a newer version.</summary>
    NewerSchema,

    /// <summary>A migration that was applied is not the one of this version.</summary>
    ChangedSchema,

    /// <summary>The key ring that wrapped an account's data key is not here.</summary>
    KeyRingMissing,

    /// <summary>What was saved can't be decrypted: it was changed or belongs to another account.</summary>
    Tampered,

    /// <summary>The configuration names no usable database.</summary>
    Misconfigured,
}

/// <summary>
/// The database refused a read or a write; nothing of it was written. <see cref="Exception.Message"/> is a sentence for a person: what
/// happened and what to do. It never holds a message's text, a number or a key.
/// </summary>
public sealed class StorageRefusedException : Exception
{
    public StorageRefusedException(StorageRefusal refusal, string sentence, Exception? inner)
        : base(sentence, inner) => Refusal = refusal;

    public StorageRefusedException(StorageRefusal refusal, string sentence)
        : this(refusal, sentence, inner: null)
    {
    }

    public StorageRefusedException()
        : this(StorageRefusal.Unavailable, "The database refused.")
    {
    }

    public StorageRefusedException(string sentence)
        : this(StorageRefusal.Unavailable, sentence)
    {
    }

    public StorageRefusedException(string sentence, Exception inner)
        : this(StorageRefusal.Unavailable, sentence, inner)
    {
    }

    public StorageRefusal Refusal { get; }

    /// <summary>The saved keys can't be read here, however often it is tried.</summary>
    public bool IsOfKeys => Refusal is StorageRefusal.KeyRingMissing or StorageRefusal.Tampered;
}
