namespace RealtimeWa;

/// <summary>
/// Proof that a worker owns an account. Every write that a worker makes for an account carries it, and is refused with
/// <see cref="LeaseLostException"/> once another worker has taken the account over.
/// </summary>
/// <param name="Epoch">Grows by one each time the account is acquired.</param>
public sealed record Fence(AccountId AccountId, long Epoch, string WorkerId);

/// <summary>An account that a worker holds.</summary>
/// <param name="Until">UTC milliseconds; renew well before.</param>
public sealed record Lease(Fence Fence, long Until);

/// <summary>The worker no longer owns the account (or the account is gone); nothing was written.</summary>
public sealed class LeaseLostException : Exception
{
    public LeaseLostException()
        : base("This worker no longer owns the account.")
    {
    }

    public LeaseLostException(string message)
        : base(message)
    {
    }

    public LeaseLostException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
