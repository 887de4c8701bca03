namespace RealtimeWa.Load;

/// <summary>The processor time of something, to the end of what it leaves behind.</summary>
internal static class Costed
{
    // Receipts, rows and pushes that belong to the last message but come after it was seen.
    private static readonly TimeSpan Tail = TimeSpan.FromSeconds(1);

    /// <summary>The result and the milliseconds of processor time that the tree took meanwhile.</summary>
    public static async Task<(T Result, double Cpu)> RunAsync<T>(ProcessTree tree, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var before = tree.CpuMilliseconds();
        var result = await work();
        await Task.Delay(Tail, TimeProvider.System, cancellationToken);
        return (result, tree.CpuMilliseconds() - before);
    }
}
