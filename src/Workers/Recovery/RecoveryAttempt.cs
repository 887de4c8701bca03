namespace RealtimeWa;

/// <summary>A try to get a session back that runs now.</summary>
/// <param name="Cause">Why it is needed.</param>
/// <param name="IsTeardown">An open socket was given up for it because its probe failed.</param>
/// <param name="IsByPerson">A person asked for it.</param>
public sealed record RecoveryAttempt(long At, ReasonCode Cause, bool IsTeardown = false, bool IsByPerson = false);
