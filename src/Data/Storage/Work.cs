namespace RealtimeWa;

/// <summary>A write that waits for its turn. It may be run more than once: nothing outside the transaction may change in it.</summary>
internal abstract class Work(AccountId account)
{
    public AccountId Account { get; } = account;

    /// <summary>False when its caller gave up before it began.</summary>
    public abstract bool Begin();

    public abstract void Run(Tx tx);

    public abstract void Succeed();

    public abstract void Fail(Exception exception);
}

internal sealed class Work<T>(AccountId account, Func<Tx, T> write, bool answersAtOnce, CancellationToken cancellationToken) : Work(account)
{
    private readonly TaskCompletionSource<T> done =
        new(answersAtOnce ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;

#pragma warning disable VSTHRD003 // Completed by the writer, which never waits for a caller.
    public Task<T> Done => done.Task;
#pragma warning restore VSTHRD003

    public override bool Begin()
    {
        if (!cancellationToken.IsCancellationRequested)
        {
            return true;
        }

        done.TrySetCanceled(cancellationToken);
        return false;
    }

    public override void Run(Tx tx) => result = write(tx);

    public override void Succeed() => done.TrySetResult(result!);

    public override void Fail(Exception exception) => done.TrySetException(exception);
}
