using System.Globalization;
using System.Text;

namespace RealtimeWa.Sessions;

/// <summary><c>docs/session-states.md</c> is what the machine really does. REALTIMEWA_UPDATE=1 prints it anew.</summary>
public sealed class SessionStatesPageTests
{
    private static readonly string File = Path.Combine(Repository.Root, "docs", "session-states.md");

    [Fact]
    public async Task The_page_says_what_the_machine_does()
    {
        var page = Render();
        if (string.Equals(Environment.GetEnvironmentVariable("REALTIMEWA_UPDATE"), "1", StringComparison.Ordinal))
            await System.IO.File.WriteAllTextAsync(File, page, TestContext.Current.CancellationToken);

        var saved = System.IO.File.Exists(File) ? await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken) : "";

        Assert.True(
            string.Equals(page, saved, StringComparison.Ordinal),
            "docs/session-states.md differs from the machine. Run the test with REALTIMEWA_UPDATE=1, read the difference, commit it.");
    }

    private static string Render()
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            # Session states

            Printed from `SessionMachine` by a test; don't edit. One table for each state; an event that is not in it changes nothing there.
            A deadline counts here as reached when the state has one. Times are counted from the event.

            Attempts that start by themselves wait {string.Join(", ", Enumerable.Range(1, 5).Select(Delay))} seconds and then {Backoff.Longest / 1000}, each
            with jitter, and at most {Backoff.LongestAtHome / 1000} after the end of the bridge's process; the first delay is only for a connection that had held for {SessionMachine.Stable / 1000} seconds. `connecting` ends after {SessionMachine.ConnectTimeout / 1000} seconds.
            An open socket that fails its probe is given up {SessionMachine.TeardownsPerHour} times an hour by itself, then a person is asked. Those three
            are rows and so outlive a worker; one after which the network could not be reached does not count, and a person who reconnects
            gives all three back.

            Beside its tables each session keeps the time since when its socket is open, of the last proof (a probe was answered) and of the last
            event (WhatsApp sent anything), and the notices of `docs/protocol.md`, each until its end.

            What happened is history, written with the transition (`RecoveryLog`, also pure):

            - An **attempt** begins when a socket is started to get a session back, or when one is given up because its probe failed. It ends
              as `connected` with the first proof, as `failed`, or as `abandoned` when a person, another worker or a stop of the program ended it.
            - A **gap** opens when `connected` ends: at that moment when the connection said so, otherwise (a probe failed, the lease was lost, the
              worker died) at the last sign of life. It closes with the next proof, whichever worker gets it. Counted are the messages of others that were
              written in it and became rows since that connection was begun: when it closes, when WhatsApp has handed over what it kept, and a
              minute later. Placeholders are counted apart, as unknown.


            """);
        foreach (var (name, state) in Sample.States)
            Section(page, name, state);

        return page.ToString();
    }

    private static void Section(StringBuilder page, string name, SessionState state)
    {
        page.Append(CultureInfo.InvariantCulture, $"## {char.ToUpperInvariant(name[0])}{name[1..]}\n\n{Line(state)}\n\n");
        page.Append("| event | becomes | effects |\n|---|---|---|\n");
        foreach (var (change, what) in Sample.Events.Select(item => (item.Name, item.Event)))
        {
            var now = new Moment(what is SessionEvent.DeadlineReached ? state.Deadline ?? Sample.Start : Sample.Start);
            var (next, effects) = SessionMachine.Next(state, what, now);
            if (next != state || effects.Count > 0)
                page.Append(CultureInfo.InvariantCulture, $"| {change} | {(next == state ? "as it was" : Line(next, now.At))} | {string.Join(", ", effects.Select(Name))} |\n");
        }

        page.Append('\n');
    }

    private static string Line(SessionState state, long now = Sample.Start)
    {
        var view = state.View;
        var line = $"`{SnakeCase.ToName(view.Status)}` {SnakeCase.ToName(view.Reason)}, action {SnakeCase.ToName(view.Action)}";
        if (view.QrStatus is not (QrStatus.None or QrStatus.Used))
            line += $", QR {SnakeCase.ToName(view.QrStatus)}";
        if (view.Attempt > 0)
            line += string.Create(CultureInfo.InvariantCulture, $", attempt {view.Attempt}");
        if (view.RetryAt is { } at)
            line += string.Create(CultureInfo.InvariantCulture, $" in {(at - now) / 1000.0:0.#} s");
        return line;
    }

    private static string Name(SessionEffect effect) => effect switch
    {
        SessionEffect.Start { Fresh: true } => "start a new link",
        SessionEffect.Start => "start",
        SessionEffect.Stop { Logout: true } => "log out",
        SessionEffect.Stop => "stop",
        SessionEffect.Probe => "probe",
        SessionEffect.RequestPairCode => "ask for a code",
        SessionEffect.WakeOutbox => "wake the outbox",
        SessionEffect.ReleaseLease => "release the lease",
        SessionEffect.Forget => "forget the keys",
        SessionEffect.Refuse => "refuse with a sentence",
        _ => throw new ArgumentOutOfRangeException(nameof(effect), effect, "An effect without a name."),
    };

    private static string Delay(int attempt) => (Backoff.Delay(attempt, 0.5, ReasonCode.ConnectionLost) / 1000).ToString(CultureInfo.InvariantCulture);
}
