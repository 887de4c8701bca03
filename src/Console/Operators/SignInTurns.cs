namespace RealtimeWa;

/// <summary>One sign-in at a time per email address, in a fixed number of rows, so that invented addresses cost nothing.</summary>
public sealed class SignInTurns : IDisposable
{
    private readonly SemaphoreSlim[] rows = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    public async Task<IDisposable> TakeAsync(string address, CancellationToken cancellationToken)
    {
        var row = rows[(uint)string.GetHashCode(address, StringComparison.Ordinal) % rows.Length];
        await row.WaitAsync(cancellationToken);
        return new Turn(row);
    }

    public void Dispose() => Array.ForEach(rows, row => row.Dispose());

    private sealed class Turn(SemaphoreSlim row) : IDisposable
    {
        public void Dispose() => row.Release();
    }
}
