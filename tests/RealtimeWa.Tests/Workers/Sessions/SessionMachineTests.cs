namespace RealtimeWa.Sessions;

public sealed class SessionMachineTests
{
    [Theory]
    [InlineData(ReasonCode.LoggedOut, OperatorAction.RelinkPhone)]
    [InlineData(ReasonCode.Replaced, OperatorAction.CloseOtherClient)]
    [InlineData(ReasonCode.Forbidden, OperatorAction.OpenPhone)]
    [InlineData(ReasonCode.MultideviceMismatch, OperatorAction.RelinkPhone)]
    [InlineData(ReasonCode.BadSession, OperatorAction.RelinkPhone)]
    public void A_final_close_waits_for_a_person(ReasonCode cause, OperatorAction action)
    {
        var (state, effects) = Next(Sample.Connected, new SessionEvent.Closed(cause));

        Assert.Equal((SessionStatus.Error, cause, action), (state.View.Status, state.View.Reason, state.View.Action));
        Assert.NotNull(state.View.LastError);
        Assert.Null(state.Deadline);
        Assert.DoesNotContain(effects, effect => effect is SessionEffect.Start);
    }

    [Theory]
    [InlineData(ReasonCode.LoggedOut)]
    [InlineData(ReasonCode.Replaced)]
    public void A_final_close_still_waits_after_a_restart_of_the_worker(ReasonCode cause)
    {
        var view = Next(Sample.Connected, new SessionEvent.Closed(cause)).State.View;

        var (state, effects) = Next(SessionState.Of(view), new SessionEvent.Claimed(Linked: true, Wanted: true));

        Assert.Equal(SessionStatus.Error, state.View.Status);
        Assert.Empty(effects);
    }

    [Fact]
    public void Attempts_wait_longer_and_longer_and_never_end()
    {
        var state = Sample.Resuming;
        var now = Sample.Start;
        var waits = new List<long>();
        for (var i = 0; i < 6; i++)
        {
            state = Next(state, new SessionEvent.Closed(ReasonCode.ServerUnavailable), now).State;
            Assert.Equal(SessionStatus.Disconnected, state.View.Status);
            waits.Add(state.View.RetryAt!.Value - now);
            now = state.View.RetryAt.Value;
            (state, var effects) = Next(state, new SessionEvent.DeadlineReached(), now);
            Assert.Equal([new SessionEffect.Start(Fresh: false)], effects);
        }

        Assert.Equal([5_000, 15_000, 45_000, 60_000, 60_000, 60_000], waits);
    }

    [Fact]
    public void A_connection_that_had_held_comes_back_almost_at_once_and_one_that_flaps_does_not()
    {
        var held = Next(Sample.Connected, new SessionEvent.Closed(ReasonCode.ConnectionLost), Sample.Start + SessionMachine.Stable);
        var flapped = Next(Sample.Connected, new SessionEvent.Closed(ReasonCode.ConnectionLost), Sample.Start + 2_000);

        Assert.Equal(Sample.Start + SessionMachine.Stable + 1_000, held.State.View.RetryAt);
        Assert.Equal(Sample.Start + 2_000 + 5_000, flapped.State.View.RetryAt);
    }

    [Fact]
    public void Jitter_never_passes_the_cap()
    {
        var delays = Enumerable.Range(1, 12).SelectMany(attempt => new[] { 0, 0.3, 0.999 }, (attempt, jitter) => Backoff.Delay(attempt, jitter, ReasonCode.ConnectionLost));

        Assert.All(delays, delay => Assert.InRange(delay, 900, Backoff.Longest));
    }

    [Fact]
    public void However_often_the_bridge_dies_the_next_attempt_is_near()
    {
        var state = Sample.Connected;
        for (var deaths = 0; deaths < 10; deaths++)
        {
            state = Next(state, new SessionEvent.BridgeDied()).State;
            Assert.InRange(state.View.RetryAt!.Value - state.View.UpdatedAt, 1, Backoff.LongestAtHome);
            state = Next(state, new SessionEvent.DeadlineReached(), state.View.RetryAt.Value).State;
            Assert.Equal(SessionPhase.Starting, state.Phase);
        }
    }

    [Fact]
    public void A_server_that_wants_a_restart_gets_it_at_once_but_not_for_ever()
    {
        var state = Sample.Resuming;
        var starts = 0;
        while (state.Phase is SessionPhase.Starting && starts < 50)
        {
            (state, var effects) = Next(state, new SessionEvent.Closed(ReasonCode.RestartRequired));
            starts += effects.OfType<SessionEffect.Start>().Count();
        }

        Assert.Equal(SessionMachine.RestartsAtOnce - 1, starts);
        Assert.Equal(SessionPhase.Waiting, state.Phase);
    }

    [Fact]
    public void Open_is_not_connected_before_a_probe_was_answered()
    {
        var (open, effects) = Next(Sample.Resuming, new SessionEvent.Opened());
        Assert.Equal(SessionStatus.Connecting, open.View.Status);
        Assert.Equal([new SessionEffect.Probe()], effects);

        var proven = Next(open, new SessionEvent.ProbeAnswered(), Sample.Start + 5).State;
        Assert.Equal(SessionStatus.Connected, proven.View.Status);
        Assert.Equal(Sample.Start + 5, proven.View.LastProofAt);
    }

    [Fact]
    public void Three_signs_of_life_are_told_apart()
    {
        var open = Next(Sample.Resuming, new SessionEvent.Opened(), Sample.Start + 1).State;
        var proven = Next(open, new SessionEvent.ProbeAnswered(BridgeMemory: 90_000_000), Sample.Start + 2).State;
        var heard = Next(proven, new SessionEvent.Heard(), Sample.Start + 3).State;
        Assert.Equal((Sample.Start + 1, Sample.Start + 2, Sample.Start + 3), (heard.View.OpenSince, heard.View.LastProofAt, heard.View.LastEventAt));
        Assert.Equal(90_000_000, heard.View.BridgeMemory);

        var again = Next(heard, new SessionEvent.ProbeAnswered(BridgeMemory: 95_000_000), Sample.Start + 4).State.View;
        Assert.Equal((Sample.Start + 1, Sample.Start + 4, 95_000_000), (again.OpenSince, again.LastProofAt, again.BridgeMemory));

        var closed = Next(heard, new SessionEvent.Closed(ReasonCode.ConnectionLost)).State.View;
        Assert.Equal((null, null, Sample.Start + 2, Sample.Start + 3), (closed.OpenSince, closed.BridgeMemory, closed.LastProofAt, closed.LastEventAt));
    }

    [Fact]
    public void An_older_link_is_taken_off_the_phone_and_only_a_new_scan_brings_it_back()
    {
        var (superseded, effects) = Next(Sample.Connected, new SessionEvent.Superseded());
        Assert.Equal((SessionStatus.Error, ReasonCode.DuplicateNumber, OperatorAction.ContactAdmin), (superseded.View.Status, superseded.View.Reason, superseded.View.Action));
        Assert.Equal([new SessionEffect.Stop(Logout: true)], effects);

        Assert.Equal([new SessionEffect.Start(Fresh: true)], Next(superseded, new SessionEvent.Reconnect()).Effects);
        Assert.Empty(Next(SessionState.Of(superseded.View), new SessionEvent.Claimed(Linked: true, Wanted: true)).Effects);
    }

    [Fact]
    public void Connecting_ends_after_sixty_seconds()
    {
        var early = Next(Sample.Resuming, new SessionEvent.DeadlineReached(), Sample.Start + 59_999);
        var late = Next(Sample.Resuming, new SessionEvent.DeadlineReached(), Sample.Start + 60_000);

        Assert.Equal(SessionStatus.Connecting, early.State.View.Status);
        Assert.Equal((SessionStatus.Disconnected, ReasonCode.ConnectTimeout), (late.State.View.Status, late.State.View.Reason));
        Assert.Equal([new SessionEffect.Stop(Logout: false)], late.Effects);
    }

    [Fact]
    public void A_phone_is_linked_in_the_order_of_the_protocol()
    {
        var linked = Next(Sample.Showing, new SessionEvent.Paired()).State;
        Assert.Equal((SessionStatus.Connecting, QrStatus.Used), (linked.View.Status, linked.View.QrStatus));
        Assert.Null(linked.Qr);

        var (restarted, effects) = Next(linked, new SessionEvent.Closed(ReasonCode.RestartRequired));
        Assert.Equal([new SessionEffect.Start(Fresh: false)], effects);
        Assert.Equal(ReasonCode.Linking, restarted.View.Reason);

        var connected = Sample.After(restarted, new SessionEvent.Opened(), new SessionEvent.ProbeAnswered());
        Assert.Equal(SessionStatus.Connected, connected.View.Status);
    }

    [Fact]
    public void A_qr_without_successor_expires_and_then_the_link_ends()
    {
        var expired = Next(Sample.Showing, new SessionEvent.DeadlineReached(), Sample.Start + 60_000).State;
        Assert.Equal((SessionStatus.QrRequired, QrStatus.Expired), (expired.View.Status, expired.View.QrStatus));
        Assert.Null(expired.Qr);

        var next = Next(expired, new SessionEvent.QrShown(new Secret("2@second"), Sample.Start + 80_000), Sample.Start + 60_001).State;
        Assert.Equal(QrStatus.Generated, next.View.QrStatus);

        var (ended, effects) = Next(expired, new SessionEvent.DeadlineReached(), expired.Deadline!.Value);
        Assert.Equal((SessionStatus.Init, ReasonCode.QrExpired, QrStatus.Expired), (ended.View.Status, ended.View.Reason, ended.View.QrStatus));
        Assert.Equal([new SessionEffect.Stop(Logout: false)], effects);
    }

    [Fact]
    public void A_new_link_that_fails_leaves_a_linked_account_as_it_was()
    {
        var loggedOut = Sample.States[^1].State;

        var after = Next(loggedOut, new SessionEvent.Closed(ReasonCode.QrExpired)).State;

        Assert.Equal((SessionStatus.Error, ReasonCode.LoggedOut, OperatorAction.RelinkPhone), (after.View.Status, after.View.Reason, after.View.Action));
        Assert.True(after.Linked);
    }

    [Fact]
    public void A_code_is_asked_for_once_the_server_is_ready()
    {
        var asked = Next(Sample.New, new SessionEvent.Pair(Sample.Phone));
        Assert.Equal([new SessionEffect.Start(Fresh: true)], asked.Effects);

        var ready = Next(asked.State, new SessionEvent.QrShown(new Secret("2@x"), Sample.Start + 60_000));
        Assert.Equal([new SessionEffect.RequestPairCode(Sample.Phone)], ready.Effects);
        Assert.Null(ready.State.Qr);

        var rotated = Next(ready.State, new SessionEvent.QrShown(new Secret("2@y"), Sample.Start + 80_000));
        Assert.Empty(rotated.Effects);

        var shown = Next(rotated.State, new SessionEvent.PairCodeShown(new Secret("ABCD1234"), Sample.Start + 160_000)).State;
        Assert.Equal(new Secret("ABCD1234"), shown.PairCode);
        Assert.Equal(QrStatus.Generated, shown.View.QrStatus);
    }

    [Fact]
    public void Asking_for_a_qr_twice_shows_the_same_one()
    {
        var (state, effects) = Next(Sample.Showing, new SessionEvent.Pair(null));

        Assert.Equal(Sample.Showing, state);
        Assert.Empty(effects);
    }

    [Fact]
    public void Asking_again_when_the_code_is_over_begins_a_new_link()
    {
        var code = Sample.States.Single(sample => sample.Name is "showing a pairing code").State;

        foreach (var (over, phone, at) in new (SessionState, Secret?, long)[]
        {
            (Sample.Over, null, 60_001),
            (Sample.Showing, null, 60_000),
            (code, Sample.Phone, 160_000),
        })
        {
            var (state, effects) = Next(over, new SessionEvent.Pair(phone), Sample.Start + at);

            Assert.Equal([new SessionEffect.Stop(Logout: false), new SessionEffect.Start(Fresh: true)], effects);
            Assert.Equal((SessionPhase.Starting, QrStatus.None, phone), (state.Phase, state.View.QrStatus, state.PairPhone));
            Assert.Empty(Next(state, new SessionEvent.Pair(phone), Sample.Start + at).Effects);
        }
    }

    [Fact]
    public void A_connected_account_is_not_linked_again()
    {
        var (state, effects) = Next(Sample.Connected, new SessionEvent.Pair(null));

        Assert.Equal(Sample.Connected, state);
        Assert.IsType<SessionEffect.Refuse>(Assert.Single(effects));
    }

    [Fact]
    public void What_a_person_stopped_stays_stopped()
    {
        var stopped = Next(Sample.Connected, new SessionEvent.Stop());
        Assert.Equal((SessionStatus.Disconnected, ReasonCode.StoppedByPerson), (stopped.State.View.Status, stopped.State.View.Reason));
        Assert.Equal([new SessionEffect.Stop(Logout: false)], stopped.Effects);
        Assert.Null(stopped.State.Deadline);

        var again = Next(SessionState.Of(stopped.State.View), new SessionEvent.Claimed(Linked: true, Wanted: false));
        Assert.Empty(again.Effects);
    }

    [Fact]
    public void A_dead_bridge_is_seen_at_once_and_comes_back_by_itself()
    {
        var (state, effects) = Next(Sample.Connected, new SessionEvent.BridgeDied(), Sample.Start + 100_000);

        Assert.Equal((SessionStatus.Disconnected, ReasonCode.BridgeStopped), (state.View.Status, state.View.Reason));
        Assert.Equal(Sample.Start + 101_000, state.View.RetryAt);
        Assert.Empty(effects);
    }

    [Fact]
    public void An_open_socket_that_does_not_answer_is_given_up_three_times_an_hour()
    {
        var state = Sample.Connected;
        var now = Sample.Start;
        for (var i = 0; i < SessionMachine.TeardownsPerHour; i++)
        {
            state = Next(state, new SessionEvent.ProbeFailed(), now += 60_000).State;
            Assert.Equal((SessionStatus.Disconnected, ReasonCode.ProbeFailed), (state.View.Status, state.View.Reason));
            state = Next(state, new SessionEvent.DeadlineReached(), now += 60_000).State;
            state = Next(state, new SessionEvent.Opened(), now).State;
            state = Next(state, new SessionEvent.ProbeAnswered(), now).State;
        }

        var asked = Next(state, new SessionEvent.ProbeFailed(), now + 1).State;
        Assert.Equal((SessionStatus.Error, OperatorAction.Reconnect), (asked.View.Status, asked.View.Action));

        var anHourLater = Next(state, new SessionEvent.ProbeFailed(), now + 3_600_000).State;
        Assert.Equal(SessionStatus.Disconnected, anHourLater.View.Status);
    }

    [Fact]
    public void An_outage_of_the_network_uses_none_of_those()
    {
        var state = Sample.Connected;
        for (var i = 0; i < 10; i++)
        {
            state = Next(state, new SessionEvent.Closed(ReasonCode.NetworkUnreachable)).State;
            state = Next(state, new SessionEvent.DeadlineReached(), state.Deadline!.Value).State;
        }

        Assert.Empty(state.Teardowns);
    }

    [Fact]
    public void A_worker_that_lost_its_lease_stops_and_gives_it_back()
    {
        foreach (var (name, sample) in Sample.States)
        {
            var (state, effects) = Next(sample, new SessionEvent.LeaseLost());

            Assert.False(state.HasSocket, name);
            Assert.Null(state.Deadline);
            IReadOnlyList<SessionEffect> stop = sample.HasSocket ? [new SessionEffect.Stop(Logout: false)] : [];
            Assert.Equal([.. stop, new SessionEffect.ReleaseLease()], effects);
        }
    }

    [Fact]
    public void A_lease_that_only_the_bridge_saw_lapse_comes_back_with_the_next_owner()
    {
        var (lapsed, effects) = Next(Sample.Connected, new SessionEvent.Closed(ReasonCode.LeaseLost));
        Assert.Equal((SessionStatus.Disconnected, ReasonCode.LeaseLost), (lapsed.View.Status, lapsed.View.Reason));
        Assert.Contains(new SessionEffect.ReleaseLease(), effects);

        var (resumed, begun) = Next(SessionState.Of(lapsed.View), new SessionEvent.Claimed(Linked: true, Wanted: true));
        Assert.Equal(SessionStatus.Connecting, resumed.View.Status);
        Assert.Equal([new SessionEffect.Start(Fresh: false)], begun);
    }

    [Fact]
    public void What_a_person_stopped_stays_stopped_when_the_worker_goes_during_a_new_link()
    {
        var linking = Sample.After(Sample.Connected, new SessionEvent.Stop(), new SessionEvent.Pair(null));

        foreach (var change in new SessionEvent[] { new SessionEvent.WorkerStopping(), new SessionEvent.LeaseLost() })
        {
            var left = Next(linking, change).State.View;
            Assert.Equal((SessionStatus.Disconnected, ReasonCode.StoppedByPerson), (left.Status, left.Reason));
        }
    }

    [Fact]
    public void Replaced_gives_the_lease_back_and_starts_no_fight()
    {
        var effects = Next(Sample.Connected, new SessionEvent.Closed(ReasonCode.Replaced)).Effects;

        Assert.Equal([new SessionEffect.ReleaseLease()], effects);
    }

    [Fact]
    public void A_quiet_account_is_never_restarted()
    {
        var state = Sample.Connected;
        for (var now = Sample.Start; now < Sample.Start + (24 * 3_600_000L); now += 300_000)
        {
            (state, var effects) = Next(state, new SessionEvent.ProbeDue(), now);
            Assert.Equal([new SessionEffect.Probe()], effects);
            (state, effects) = Next(state, new SessionEvent.ProbeAnswered(), now);
            Assert.Empty(effects);
            Assert.Equal(SessionStatus.Connected, Next(state, new SessionEvent.DeadlineReached(), now).State.View.Status);
        }
    }

    [Fact]
    public void No_secret_is_printed()
    {
        var shown = Sample.Showing.ToString() + new SessionEvent.QrShown(new Secret("2@first"), 1) + Sample.After(Sample.New, new SessionEvent.Pair(Sample.Phone));

        Assert.DoesNotContain("2@first", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Sample.Phone.Text, shown, StringComparison.Ordinal);
    }

    private static (SessionState State, IReadOnlyList<SessionEffect> Effects) Next(SessionState state, SessionEvent change, long at = Sample.Start) =>
        SessionMachine.Next(state, change, new Moment(at));
}
