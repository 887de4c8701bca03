namespace RealtimeWa;

/// <summary>How one kind of database runs transactions.</summary>
internal abstract class Engine : IAsyncDisposable
{
    public abstract Dialect Dialect { get; }

    public Bells Bells { get; } = new();

    /// <summary>Opens and migrates. Throws <see cref="StorageRefusedException"/>.</summary>
    public abstract Task Open(CancellationToken cancellationToken);

    /// <summary>Durable when the task completes. <paramref name="write"/> may run more than once.</summary>
    /// <param name="answersAtOnce">
    /// What awaits it may run on the thread that writes for everybody, and must do next to nothing there: for an answer that somebody waits
    /// for so urgently that a change of thread counts.
    /// </param>
    public abstract Task<T> Write<T>(AccountId account, Func<Tx, T> write, bool answersAtOnce, CancellationToken cancellationToken);

    /// <summary>All statements of <paramref name="read"/> see the same state.</summary>
    public abstract Task<T> Read<T>(Func<Tx, T> read, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    protected static void Migrate(Tx tx) => Migrations.Apply(tx);
}
