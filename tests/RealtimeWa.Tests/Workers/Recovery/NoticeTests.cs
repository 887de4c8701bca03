using System.Text.Json;
using RealtimeWa.Sessions;

namespace RealtimeWa.Recovery;

/// <summary>What WhatsApp says about an account beside its connection.</summary>
public sealed class NoticeTests
{
    private const long Hour = 3_600_000;

    private static readonly NoticeView Locked = new("reachout_time_lock", Sample.Start, Sample.Start + Hour);
    private static readonly NoticeView Capped = new("message_capping", Sample.Start, Sample.Start + (3 * Hour), "first_warning", 80, 100);
    private static readonly NoticeView Outdated = new("client_outdated", Sample.Start, Until: null);

    [Fact]
    public void A_notice_stands_until_its_end_and_wakes_the_session_then()
    {
        var told = Sample.After(Sample.Connected, new SessionEvent.Noticed(Capped), new SessionEvent.Noticed(Locked), new SessionEvent.Noticed(Outdated));
        Assert.Equal([Capped, Locked, Outdated], told.View.Notices);
        Assert.Equal(Locked.Until, told.WakeAt);

        var early = Next(told, new SessionEvent.DeadlineReached(), Locked.Until!.Value - 1);
        Assert.Equal(3, early.View.Notices.Count);

        var later = Next(told, new SessionEvent.DeadlineReached(), Locked.Until.Value);
        Assert.Equal([Capped, Outdated], later.View.Notices);
        Assert.Equal((SessionStatus.Connected, Capped.Until), (later.View.Status, later.WakeAt));
        Assert.Null(Next(later, new SessionEvent.DeadlineReached(), Capped.Until!.Value).WakeAt);
    }

    [Fact]
    public void A_notice_does_not_delay_what_has_a_time_of_its_own()
    {
        var waiting = Sample.After(Sample.Connected, new SessionEvent.Noticed(Locked), new SessionEvent.Closed(ReasonCode.ConnectionLost));

        Assert.Equal(waiting.View.RetryAt, waiting.WakeAt);
        Assert.Equal(SessionStatus.Connecting, Next(waiting, new SessionEvent.DeadlineReached(), waiting.WakeAt!.Value).View.Status);
    }

    [Fact]
    public void What_is_told_again_with_the_next_connection_is_the_same_notice()
    {
        var told = Sample.After(Sample.Connected, new SessionEvent.Noticed(Locked));

        Assert.Same(told, Next(told, new SessionEvent.Noticed(Locked with { At = Sample.Start + 5_000 }), Sample.Start + 5_000));

        var longer = Locked with { At = Sample.Start + 6_000, Until = Sample.Start + (2 * Hour) };
        Assert.Equal([longer], Next(told, new SessionEvent.Noticed(longer), Sample.Start + 6_000).View.Notices);
    }

    [Fact]
    public void A_notice_is_taken_back_and_what_was_never_said_changes_nothing()
    {
        var told = Sample.After(Sample.Connected, new SessionEvent.Noticed(Locked), new SessionEvent.Noticed(Capped));

        Assert.Equal([Capped], Next(told, new SessionEvent.NoticeOver(Locked.Kind), Sample.Start).View.Notices);
        Assert.Same(told, Next(told, new SessionEvent.NoticeOver(Outdated.Kind), Sample.Start));
        Assert.Same(Sample.Connected, Next(Sample.Connected, new SessionEvent.Noticed(Locked), Locked.Until!.Value));
    }

    [Fact]
    public void What_ended_while_nobody_owned_the_account_is_gone_with_the_next_owner_and_another_phone_begins_without_any()
    {
        var left = SessionState.Of(Sample.Connected.View with { Notices = [Locked, Outdated] });

        Assert.Equal([Outdated], Next(left, new SessionEvent.Claimed(Linked: true, Wanted: true), Locked.Until!.Value).View.Notices);
        var relinked = Sample.After(left, new SessionEvent.Claimed(Linked: false, Wanted: true), new SessionEvent.Pair(null), new SessionEvent.Paired());
        Assert.Empty(relinked.View.Notices);
    }

    [Theory]
    [InlineData("""{"state":"notice","kind":"message_capping","at":5,"until":9,"level":"capped","used":100,"total":100}""")]
    [InlineData("""{"state":"notice","kind":"message_capping","over":true}""")]
    [InlineData("""{"state":"caught_up","count":3,"at":5}""")]
    public void The_bridge_is_understood(string frame)
    {
        var said = BaileysStates.Read(JsonSerializer.Deserialize(frame, BridgeJson.Default.StateBody)!, new Link(null!, null!), TimeProvider.System);

        ProviderEvent expected = frame.Contains("caught_up", StringComparison.Ordinal) ? new ProviderEvent.CaughtUp()
            : frame.Contains("over", StringComparison.Ordinal) ? new ProviderEvent.Changed(new SessionEvent.NoticeOver("message_capping"))
            : new ProviderEvent.Changed(new SessionEvent.Noticed(new NoticeView("message_capping", 5, 9, "capped", 100, 100)));
        Assert.Equal(expected, said);
    }

    private static SessionState Next(SessionState state, SessionEvent change, long at) => SessionMachine.Next(state, change, new Moment(at)).State;
}
