namespace RealtimeWa;

/// <summary>The product's own insides, all read when the page was asked for.</summary>
/// <param name="Commit">Nothing when it was built outside of a repository.</param>
/// <param name="Memory">What this process holds in memory, in bytes.</param>
/// <param name="Latency">How long the database took to answer.</param>
/// <param name="Inventory">Nothing when the database refused; <paramref name="Refused"/> then says why.</param>
/// <param name="Browsers">Hub connections of browsers.</param>
/// <param name="LastPurge">UTC milliseconds; nothing before the first purge, or when the workers are elsewhere.</param>
public sealed record AboutPage(
    string Version,
    string? Commit,
    DateTimeOffset Started,
    long Memory,
    long Managed,
    string DataFolder,
    TimeSpan Latency,
    Inventory? Inventory,
    string? Refused,
    int Browsers,
    bool HasWorker,
    long? LastPurge,
    IReadOnlyList<AboutWorker> Workers,
    long Now);

/// <summary>A worker and the accounts whose leases it holds.</summary>
/// <param name="Id">As it stands in the leases.</param>
/// <param name="IsHere">It runs inside this process.</param>
public sealed record AboutWorker(string Id, string Host, string Process, bool IsHere, IReadOnlyList<Holding> Holdings);
