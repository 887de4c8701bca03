namespace RealtimeWa;

internal sealed partial class SessionActor
{
    private async Task<string?> ApplyAsync(SessionEvent change)
    {
        var (next, effects) = SessionMachine.Next(state, change, Now());
        var before = state;
        Volatile.Write(ref state, next);
        deadline.Change(Until(next.Deadline), Timeout.InfiniteTimeSpan);
        await SaveAsync(before, Detail(change));

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
            Ring(await tools.Sessions.Transition(lease.Fence, state.View, Pairing(), detail, over.Token));
            saved = state;
            isUnsaved = false;
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
        (state.View with { UpdatedAt = 0, LastMessageAt = null }, state.Qr, state.PairCode);

    // The history gets what the reason leaves open, never what anybody wrote or who they are.
    private static string? Detail(SessionEvent change) => change switch
    {
        SessionEvent.Closed { Sentence: { } sentence } => sentence,
        SessionEvent.StartFailed failed => failed.Sentence,
        SessionEvent.BridgeDied { Sentence: { } sentence } => sentence,
        SessionEvent.PairRefused refused => refused.Sentence,
        SessionEvent.Connect or SessionEvent.Reconnect or SessionEvent.Stop or SessionEvent.Pair or SessionEvent.Delete => "Asked for by a person.",
        _ => null,
    };

    private TimeSpan Until(long? at) => at is { } then
        ? TimeSpan.FromMilliseconds(Math.Max(0, then - Now().At))
        : Timeout.InfiniteTimeSpan;

    /// <summary>A phone accepted: its keys are saved before anything else, and the connection goes on only after that.</summary>
    private async Task LinkAsync(ProviderEvent.Linked link)
    {
        var result = await tools.Sessions.SetPaired(lease.Fence, new Paired(link.Phone, link.Lid, link.Name, link.Creds.Text), over.Token);
        if (result.DuplicateOf is not null)
        {
            await ApplyAsync(new SessionEvent.PairRefused(
                ReasonCode.DuplicateNumber, "This phone is linked to another account here already. Use that one, or delete it first and scan again."));
            throw new ProviderRefusedException(ProviderRefusal.Rejected, "The phone is linked to another account.");
        }

        Ring(result.Doorbell);
        await ApplyAsync(new SessionEvent.Paired());
    }

    /// <summary>Connected: what was never acknowledged is due again under its own id, and what was saved but never became a row is replayed.</summary>
    private async Task ResumeAsync()
    {
        outbox.ForgetAwaited();
        await tools.Outbox.Requeue(lease.Fence, Now().At, over.Token);
        outbox.Wake();
        replay.Wake();
        Post(new SessionMail.Commands());
    }

    private async Task ForgetAsync()
    {
        await connection.SettledAsync();
        Ring(await tools.Accounts.Delete(AccountId, over.Token));
        throw new ActorEndedException(Ending.Deleted);
    }
}
