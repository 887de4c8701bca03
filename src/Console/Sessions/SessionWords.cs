using System.Globalization;
using Microsoft.Extensions.Localization;

namespace RealtimeWa;

/// <summary>A status with its reason, its age and what to do, from the same sentences as the browser's.</summary>
public sealed record SessionWords(string Status, string Reason, string Action, string Age)
{
    public static SessionWords Empty { get; } = new("", "", "", "");

    public static SessionWords Of(AccountView account, long now, IStringLocalizer<Texts> texts)
    {
        var session = account.Session;
        var isStopped = !account.IsActive && session.Status != SessionStatus.Connected;
        var age = session.Status == SessionStatus.Connected && session.LastProofAt is { } proof
            ? texts["status.proven", Ago(proof, now, texts)]
            : texts["status.since", Ago(session.Since, now, texts)];
        return new(
            texts[isStopped ? "status.stopped" : $"status.{SnakeCase.ToName(session.Status)}"],
            ReasonOf(session, texts),
            ActionOf(session, now, texts),
            age);
    }

    private static string ReasonOf(SessionView session, IStringLocalizer<Texts> texts) => session switch
    {
        { Reason: ReasonCode.None } => "",
        { Reason: ReasonCode.Unknown, LastError: { } error, Status: SessionStatus.Error or SessionStatus.Disconnected } => error,
        // What is missing has a name and a path: only the server that looked for it can say it.
        { Reason: ReasonCode.BridgeRefused, LastError: { } error } => $"{texts["reason.bridge_refused"]} {error}",
        _ => texts[$"reason.{SnakeCase.ToName(session.Reason)}"],
    };

    private static string ActionOf(SessionView session, long now, IStringLocalizer<Texts> texts) => session switch
    {
        { Action: not (OperatorAction.None or OperatorAction.Wait) } => texts[$"action.{SnakeCase.ToName(session.Action)}"],
        { RetryAt: { } at } when at > now => texts["action.retry-in", TimeSpan.FromMilliseconds(at - now).ToString(@"m\:ss", CultureInfo.InvariantCulture)],
        { RetryAt: not null } => texts["action.retry-now"],
        _ => "",
    };

    private static string Ago(long at, long now, IStringLocalizer<Texts> texts)
    {
        var past = TimeSpan.FromMilliseconds(Math.Max(0, now - at));
        return past switch
        {
            { TotalSeconds: < 5 } => texts["time.now"],
            { TotalSeconds: < 60 } => texts["time.seconds-ago", (int)past.TotalSeconds],
            { TotalMinutes: < 60 } => texts["time.minutes-ago", (int)past.TotalMinutes],
            { TotalHours: < 48 } => texts["time.hours-ago", (int)past.TotalHours],
            _ => texts["time.days-ago", (int)past.TotalDays],
        };
    }
}
