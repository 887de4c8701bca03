namespace RealtimeWa;

/// <summary>What is in the database, all of one moment.</summary>
public sealed record Inventory(DatabaseFacts Database, InventoryCounts Counts, IReadOnlyList<Holding> Holdings);

/// <param name="Engine">The version of the database program.</param>
/// <param name="Size">In bytes.</param>
/// <param name="AppliedAt">When the newest schema step was applied.</param>
public sealed record DatabaseFacts(Dialect Dialect, string Engine, long Size, long Schema, long AppliedAt);

/// <param name="Outbox">Messages that wait to be sent.</param>
/// <param name="Inbound">Records of the journal that have not become rows yet.</param>
public sealed record InventoryCounts(long Accounts, long Threads, long Messages, long Operators, long Outbox, long Inbound, long Events);

/// <summary>An account and the worker that holds its lease, or held it last while nobody does.</summary>
/// <param name="Owner">Nothing while nobody holds it.</param>
/// <param name="Epoch">How often it was taken.</param>
/// <param name="BridgeMemory">Bytes that the account's bridge process held at the last proof; accounts may share a process.</param>
public sealed record Holding(AccountId AccountId, string Label, string? Owner, long? Since, long? Until, long Epoch, long? BridgeMemory);
