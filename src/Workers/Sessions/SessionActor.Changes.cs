namespace RealtimeWa;

internal sealed partial class SessionActor
{
    private const long Day = 86_400_000;

    private async Task<string?> ApplyAsync(SessionEvent change)
    {
        var before = state;
        var effects = Move(change);
        deadline.Change(Until(state.WakeAt), Timeout.InfiniteTimeSpan);
        await SaveAsync(before, Detail(change));
        if (isClaimed)
            report.Look(state);

        string? refusal = null;
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case SessionEffect.Refuse refuse:
                    refusal = refuse.Sentence;
                    break;
                case SessionEffect.WakeOutbox:
                    await ResumeAsync();
                    break;
                case SessionEffect.ReleaseLease:
                    throw new ActorEndedException(Ending.Released);
                case SessionEffect.Forget:
                    await ForgetAsync();
                    break;
                default:
                    connection.Run(effect);
                    break;
            }
        }

        return refusal;
    }

    private IReadOnlyList<SessionEffect> Move(SessionEvent change)
    {
        var (now, before) = (Now(), state);
        var (next, effects) = SessionMachine.Next(before, change, now);
        unsavedSteps.AddRange(RecoveryLog.Steps(before, change, next, now.At));
        Volatile.Write(ref state, next);
        return effects;
    }

    /// <summary>What people see is a row first. A database that refuses changes nothing about what is true; the row follows with the next sweep.</summary>
    private async Task SaveAsync(SessionState before, string? detail)
    {
        if (!isUnsaved && Shows(saved) == Shows(state))
            return;

        if (before.View.Status != state.View.Status || before.View.Reason != state.View.Reason)
        {
            Log.Transition(
                tools.Logger,
                AccountId,
                SnakeCase.ToName(before.View.Status),
                SnakeCase.ToName(state.View.Status),
                SnakeCase.ToName(state.View.Reason),
                state.View.RetryAt is { } at ? $", next attempt in {Math.Max(0, at - state.View.UpdatedAt) / 1000.0:0.#} s" : "");
        }

        try
        {
            isUnsaved = true;
            Ring(await tools.Sessions.Transition(lease.Fence, state.View, Pairing(), detail, [.. unsavedSteps], over.Token));
            saved = state;
            isUnsaved = false;
            foreach (var gap in unsavedSteps.OfType<HistoryStep.GapClosed>())
                gaps.Closed(gap);
            unsavedSteps.Clear();
        }
        catch (StorageRefusedException refused)
        {
            Log.Refused(tools.Logger, AccountId, refused.Message);
        }
    }

    private QrView? Pairing() => state.View.QrExpiresAt is { } expires && (state.Qr is not null || state.PairCode is not null)
        ? new QrView(state.Qr?.Text, state.PairCode?.Text, expires)
        : null;

    private static (SessionView View, Secret? Qr, Secret? Code) Shows(SessionState state) =>
        (state.View with { UpdatedAt = 0, LastMessageAt = null, LastEventAt = null }, state.Qr, state.PairCode);

    // The history gets what the reason leaves open, never what anybody wrote or who they are.
    private static string? Detail(SessionEvent change) => change switch
    {
        SessionEvent.Closed { Sentence: { } sentence } => sentence,
        SessionEvent.StartFailed failed => failed.Sentence,
        SessionEvent.BridgeDied { Sentence: { } sentence } => sentence,
        SessionEvent.PairRefused refused => refused.Sentence,
        SessionEvent.Connect or SessionEvent.Reconnect or SessionEvent.Stop or SessionEvent.Pair or SessionEvent.Delete => TransitionView.AskedByPerson,
        _ => null,
    };

    // A timer can't wait for months; one that comes early is set anew.
    private TimeSpan Until(long? at) => at is { } then
        ? TimeSpan.FromMilliseconds(Math.Clamp(then - Now().At, 0, Day))
        : Timeout.InfiniteTimeSpan;

    /// <summary>A phone accepted: its keys are saved before anything else, and the connection goes on only after that.</summary>
    private async Task LinkAsync(ProviderEvent.Linked link)
    {
        var result = await tools.Sessions.SetPaired(
            lease.Fence, new Paired(link.Phone, link.Lid, link.Name, link.Creds.Text), Superseded, over.Token);
        foreach (var doorbell in result.Doorbells)
            Ring(doorbell);
        await ApplyAsync(new SessionEvent.Paired());

        // If another worker owns it, that one's sweep finds the command.
        foreach (var older in result.Superseded)
            tools.Hub.OnCommand(older);
    }

    /// <summary>How the session of an older link of the same phone is shown when nobody owns it.</summary>
    private SessionView Superseded(SessionView older) =>
        SessionMachine.Next(SessionState.Of(older), new SessionEvent.Superseded(), Now()).State.View;

    /// <summary>Connected: what was never acknowledged is due again under its own id, and what was saved but never became a row is replayed.</summary>
    private async Task ResumeAsync()
    {
        isResumeOwed = true;
        var now = Now().At;
        await tools.Outbox.Requeue(lease.Fence, now, over.Token);
        outbox.AwaitAnew(now);
        outbox.Wake();
        replay.Wake();
        Post(new SessionMail.Commands());
        isResumeOwed = false;
    }

    private async Task ForgetAsync()
    {
        await connection.SettledAsync();
        Ring(await tools.Accounts.Delete(AccountId, over.Token));
        throw new ActorEndedException(Ending.Deleted);
    }
}
