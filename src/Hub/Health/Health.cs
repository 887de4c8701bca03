using System.Reflection;
using System.Security.Claims;
using Microsoft.Extensions.Configuration;

namespace RealtimeWa;

/// <summary>Reads how things are; a stopped account is no fault.</summary>
public sealed class Health(HealthStore store, TimeProvider time, IConfiguration configuration)
{
    private static readonly string? Commit = typeof(Health).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        .Split('+') is [_, var commit] ? commit : null;

    private readonly long started = time.GetTimestamp();

    private readonly string mode = configuration.GetValue("Workers:Embedded", defaultValue: true) ? "single" : "separate";

    public async Task<HealthView> ReadAsync(CancellationToken cancellationToken)
    {
        var (all, _) = await LookAsync(cancellationToken);
        var words = Expected(all).Select(health => HealthStatus.Of(health, Now)).ToList();
        var connected = words.Count(word => word is HealthStatus.Connected);
        var disconnected = words.Count(word => word is HealthStatus.Disconnected);
        return new(StatusOf(all), time.GetUtcNow().UtcDateTime, Uptime, new(words.Count, connected, words.Count - connected - disconnected, disconnected));
    }

    public async Task<DeepHealthView> ReadDeepAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var (all, latency) = await LookAsync(cancellationToken);
        return new(
            StatusOf(all),
            time.GetUtcNow().UtcDateTime,
            Uptime,
            mode,
            Commit,
            new(all is not null, latency is { } took ? Math.Round(took.TotalMilliseconds, 3) : null),
            [.. (all ?? []).Where(health => Permissions.MaySee(user, health.Account.Id)).Select(health => Session(user, health))]);
    }

    private long Uptime => (long)time.GetElapsedTime(started).TotalSeconds;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static IEnumerable<AccountHealth> Expected(IReadOnlyList<AccountHealth>? all) => (all ?? []).Where(health => health.Account.IsActive);

    private string StatusOf(IReadOnlyList<AccountHealth>? all) =>
        all is null ? HealthStatus.Error
        : Expected(all).All(health => HealthStatus.Of(health, Now) is HealthStatus.Connected) ? HealthStatus.Ok
        : HealthStatus.Degraded;

    /// <summary>Nothing when the database does not answer.</summary>
    private async Task<(IReadOnlyList<AccountHealth>? All, TimeSpan? Latency)> LookAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        try
        {
            return (await store.Read(cancellationToken), time.GetElapsedTime(asked));
        }
        catch (StorageRefusedException)
        {
            return (null, null);
        }
    }

    private SessionHealth Session(ClaimsPrincipal user, AccountHealth health)
    {
        var (account, session, word) = (health.Account, health.Account.Session, HealthStatus.Of(health, Now));
        var phone = account.Phone is not { } digits ? null : Policies.IsProgram(user) ? $"+{digits}" : PhoneText.Masked(digits);
        return new(
            account.InstanceId,
            phone,
            word,
            Instant.Of(session.LastConnectedAt),
            Instant.Of(session.LastMessageAt),
            word is HealthStatus.Connected,
            Instant.Of(session.LastProofAt),
            health.Owner is { } owner ? new(owner, Instant.Of(health.LeaseUntil)) : null);
    }
}
