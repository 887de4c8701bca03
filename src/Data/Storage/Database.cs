namespace RealtimeWa;

/// <summary>
/// The product's one database. Call <see cref="OpenAsync"/> once at start; it migrates, or refuses with a sentence and touches nothing.
/// Every failure of the database itself is a <see cref="StorageRefusedException"/>.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private readonly Engine engine;
    private readonly SemaphoreSlim opening = new(1);
    private bool isOpen;

    internal Database(Engine engine) => this.engine = engine;

    public Dialect Dialect => engine.Dialect;

    public Bells Bells => engine.Bells;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await opening.WaitAsync(cancellationToken);
        try
        {
            if (!isOpen)
            {
                await engine.Open(cancellationToken);
                isOpen = true;
            }
        }
        finally
        {
            opening.Release();
        }
    }

    /// <summary>One round trip that reads; how long it took is what a health check shows.</summary>
    public async Task PingAsync(CancellationToken cancellationToken) =>
        await engine.Read(static tx => tx.Number(Alive), cancellationToken);

    private static readonly Sql Alive = new("SELECT COUNT(*) FROM schema_versions");

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        opening.Dispose();
    }

    internal Task<T> Read<T>(Func<Tx, T> read, CancellationToken cancellationToken) => engine.Read(read, cancellationToken);

    internal Task<T> Write<T>(AccountId account, Func<Tx, T> write, CancellationToken cancellationToken) =>
        engine.Write(account, write, answersAtOnce: false, cancellationToken);

    internal Task Write(AccountId account, Action<Tx> write, CancellationToken cancellationToken) =>
        engine.Write(
            account,
            tx =>
            {
                write(tx);
                return true;
            },
            answersAtOnce: false,
            cancellationToken);

    /// <summary>
    /// For an answer that somebody waits for so urgently that a change of thread counts: what awaits it may run on the thread that writes
    /// for everybody, and must do next to nothing there.
    /// </summary>
    internal Task<T> WriteAndAnswer<T>(AccountId account, Func<Tx, T> write, CancellationToken cancellationToken) =>
        engine.Write(account, write, answersAtOnce: true, cancellationToken);
}
