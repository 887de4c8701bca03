namespace RealtimeWa.Sessions;

/// <summary>Random lives of a session against a model of the provider: what is shown is always true. A failure names its seed.</summary>
public sealed class SessionSequenceTests
{
    [Fact]
    public void Every_sequence_of_faults_ends_in_a_truthful_state()
    {
        for (var seed = 0; seed < Trials.Count("machine-sequences"); seed++)
            new Life(seed).Run(steps: 120);
    }

    private sealed class Life(int seed)
    {
        private readonly Random random = new(seed);
        private readonly List<string> story = [];
        private SessionState state = SessionState.Of(Sample.NewView);
        private long now = Sample.Start;
        private bool socket;
        private bool linked;
        private bool attempt;
        private bool gap;
        private bool wasConnected;

        public void Run(int steps)
        {
            linked = random.Next(2) == 0;
            Apply(new SessionEvent.Claimed(linked, Wanted: random.Next(4) > 0));
            for (var i = 0; i < steps; i++)
            {
                now += random.Next(0, 90_000);
                Apply(Pick());
            }

            Settle();
        }

        private SessionEvent Pick()
        {
            // Only what the provider can say of a socket that exists; the actor drops the rest.
            if (socket && random.Next(3) > 0)
                return FromSocket();

            return random.Next(15) switch
            {
                0 => new SessionEvent.Connect(),
                1 => new SessionEvent.Reconnect(),
                2 => new SessionEvent.Stop(),
                3 => new SessionEvent.Pair(null),
                4 => new SessionEvent.Pair(Sample.Phone),
                5 => new SessionEvent.ProbeDue(),
                6 => new SessionEvent.BridgeDied(),
                7 => new SessionEvent.LeaseLost(),
                8 => new SessionEvent.WorkerStopping(),
                10 => random.Next(4) == 0 ? new SessionEvent.Superseded() : new SessionEvent.Heard(),
                11 => new SessionEvent.Noticed(new NoticeView("message_capping", now, now + random.Next(1, 200_000))),
                12 => new SessionEvent.NoticeOver("message_capping"),
                9 => random.Next(10) == 0 ? new SessionEvent.Delete() : new SessionEvent.DeadlineReached(),
                _ => new SessionEvent.DeadlineReached(),
            };
        }

        private SessionEvent FromSocket() => random.Next(10) switch
        {
            0 => new SessionEvent.QrShown(new Secret("2@x"), now + 60_000),
            1 => new SessionEvent.Paired(),
            2 or 3 => new SessionEvent.Opened(),
            4 or 5 => new SessionEvent.ProbeAnswered(),
            6 => new SessionEvent.ProbeFailed(),
            7 => new SessionEvent.PairCodeShown(new Secret("ABCD1234"), now + 160_000),
            8 => new SessionEvent.StartFailed("The bridge could not start."),
            _ => new SessionEvent.Closed(Sample.Closes.ElementAt(random.Next(Sample.Closes.Count()))),
        };

        private void Apply(SessionEvent change)
        {
            if (change is SessionEvent.Closed or SessionEvent.BridgeDied or SessionEvent.StartFailed)
                socket = false;
            if (change is SessionEvent.Paired && state.IsPairing)
                linked = true;
            if (change is SessionEvent.Delete)
                linked = false;

            story.Add(change.ToString());
            var before = state;
            (state, var effects) = SessionMachine.Next(state, change, new Moment(now, random.NextDouble()));
            var isReleased = false;
            foreach (var effect in effects)
            {
                Holds(!isReleased, "nothing is done without the lease");
                isReleased = effect is SessionEffect.ReleaseLease;
                Holds(effect is not SessionEffect.Start { Fresh: false } || linked, "the saved keys are used only when there are some");
                Holds(effect is not SessionEffect.Start || !socket, "a socket is stopped before the next one starts");
                socket = effect switch
                {
                    SessionEffect.Start => true,
                    SessionEffect.Stop => false,
                    _ => socket,
                };
            }

            Remember(RecoveryLog.Steps(before, change, state, now));
            Check(before, change);
            Holds(isReleased || change is not (SessionEvent.LeaseLost or SessionEvent.Closed { Cause: ReasonCode.LeaseLost }), "a lost lease is given back");
            if (isReleased)
                TakeOver();
        }

        /// <summary>The next owner, this worker or another, knows only what was saved.</summary>
        private void TakeOver()
        {
            Holds(!socket, "who gives the lease back has no socket");
            var wanted = state.View.Reason is not ReasonCode.StoppedByPerson;
            state = SessionState.Of(state.View);
            Apply(new SessionEvent.Claimed(linked, wanted));
            Holds(!linked || !wanted || state.View.Status is SessionStatus.Error || socket, "what is to be connected comes back by itself");
        }

        /// <summary>The history is one story: an attempt at a time, and a gap whenever it is not connected.</summary>
        private void Remember(IReadOnlyList<HistoryStep> steps)
        {
            foreach (var step in steps)
            {
                switch (step)
                {
                    case HistoryStep.AttemptBegan:
                        Holds(!attempt, "one attempt at a time");
                        attempt = true;
                        break;
                    case HistoryStep.AttemptEnded:
                        attempt = false;
                        break;
                    case HistoryStep.GapOpened opened:
                        Holds(!gap && opened.From <= now, "a gap opens when a connection is lost");
                        gap = true;
                        break;
                    case HistoryStep.GapClosed closed:
                        Holds(gap == wasConnected && closed.ArrivedSince <= now, "a gap closes when the connection is back");
                        gap = false;
                        wasConnected = true;
                        break;
                }
            }

            Holds(attempt == state.Attempt is not null, "the history knows whether an attempt runs");
            Holds(gap == (wasConnected && state.View.Status is not SessionStatus.Connected), "every time without connection is in a gap");
        }

        private void Check(SessionState before, SessionEvent change)
        {
            var view = state.View;
            Holds(state.HasSocket == socket, "the machine knows whether a socket exists");
            Holds(view.Status is SessionStatus.Connected == state.Phase is SessionPhase.Proven, "connected is proven");
            Holds(view.Status is not SessionStatus.Connected || view.LastProofAt is not null, "connected has a proof");
            Holds(view.Status is SessionStatus.QrRequired == state.IsPairing, "a QR is asked for while a new link runs");
            Holds(view.Status is not SessionStatus.Connecting || state.Deadline <= view.Since + SessionMachine.ConnectTimeout || change is SessionEvent.Reconnect, "connecting ends");
            Holds(view.RetryAt is null || view.Status is SessionStatus.Disconnected, "only what is disconnected is tried again");
            Holds(state.Phase is SessionPhase.Waiting == view.RetryAt is not null, "what waits says until when");
            Holds(view.Status is not SessionStatus.Error || (view.LastError is not null && view.Action is not (OperatorAction.None or OperatorAction.Wait)), "an error says what to do");
            Holds(view.Status is not SessionStatus.Error || !socket, "an error tries nothing");
            Holds(state.Qr is null || (state.Phase is SessionPhase.Scanning && view.QrStatus is QrStatus.Generated), "a QR is there only while it can be scanned");
            Holds(view.QrExpiresAt is null || state.Phase is SessionPhase.Scanning, "an end of a QR belongs to a QR");
            Holds(view.OpenSince is null || socket, "only a socket is open");
            Holds(view.Status is not SessionStatus.Connected || view.OpenSince is not null, "connected is open");
            Holds(change is not SessionEvent.DeadlineReached || view.Notices.All(notice => notice.Until > now), "a notice ends in time");
            Holds(state.WakeAt is null || view.Notices.Count > 0 || state.WakeAt == state.Deadline, "it wakes for its deadline");
            Holds(state.Linked == linked, "saved keys are known and never forgotten");
            Holds(view.Since == before.View.Since || view.Status != before.View.Status || view.Since == now, "a status keeps its age");
        }

        /// <summary>With the provider silent, deadlines alone lead to a place where a person or the next attempt is the truth.</summary>
        private void Settle()
        {
            for (var i = 0; i < 3 && state.Deadline is { } deadline; i++)
            {
                now = Math.Max(now, deadline);
                Apply(new SessionEvent.DeadlineReached());
                if (state.Phase is SessionPhase.Waiting or SessionPhase.Idle)
                    break;
            }

            Holds(state.Phase is SessionPhase.Waiting or SessionPhase.Idle or SessionPhase.Proven, "nothing hangs");
            Holds(state.View.Status is not (SessionStatus.Connecting or SessionStatus.QrRequired), "nothing pretends to go on");
        }

        private void Holds(bool fact, string what)
        {
            if (!fact)
                Assert.Fail($"Seed {seed}: not so: {what}.{Environment.NewLine}{string.Join(Environment.NewLine, story)}{Environment.NewLine}{state}");
        }
    }
}
