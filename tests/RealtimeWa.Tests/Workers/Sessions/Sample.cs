namespace RealtimeWa.Sessions;

/// <summary>One state of each sort, reached through the machine itself, and one event of each sort.</summary>
internal static class Sample
{
    public const long Start = 1_000_000_000;

    public static readonly Secret Phone = new("40700000001");

    public static SessionView NewView { get; } = new(
        SessionStatus.Init, QrStatus.None, ReasonCode.NeverLinked, OperatorAction.ScanQr, 0, Start, null, null, null, null, null, null, Start, []);

    public static SessionState New { get; } = After(SessionState.Of(NewView), new SessionEvent.Claimed(Linked: false, Wanted: true));

    public static SessionState Resuming { get; } = After(SessionState.Of(NewView), new SessionEvent.Claimed(Linked: true, Wanted: true));

    public static SessionState Connected { get; } = After(Resuming, new SessionEvent.Opened(), new SessionEvent.ProbeAnswered());

    public static SessionState Pairing { get; } = After(New, new SessionEvent.Pair(null));

    public static SessionState Showing { get; } = After(Pairing, new SessionEvent.QrShown(new Secret("2@first"), Start + 60_000));

    public static SessionState Over { get; } = SessionMachine.Next(Showing, new SessionEvent.DeadlineReached(), new Moment(Start + 60_000)).State;

    public static IReadOnlyList<(string Name, SessionState State)> States { get; } =
    [
        ("never linked", New),
        ("stopped by a person", After(Connected, new SessionEvent.Stop())),
        ("logged out", After(Connected, new SessionEvent.Closed(ReasonCode.LoggedOut))),
        ("replaced by another client", After(Connected, new SessionEvent.Closed(ReasonCode.Replaced))),
        ("waiting for its next attempt", After(Connected, new SessionEvent.Closed(ReasonCode.ConnectionLost))),
        ("resuming", Resuming),
        ("asked for a QR", Pairing),
        ("showing a QR", Showing),
        ("its QR is over", Over),
        ("showing a pairing code", After(
            New,
            new SessionEvent.Pair(Phone),
            new SessionEvent.QrShown(new Secret("2@first"), Start + 60_000),
            new SessionEvent.PairCodeShown(new Secret("ABCD1234"), Start + 160_000))),
        ("linked just now", After(Showing, new SessionEvent.Paired())),
        ("open, not proven", After(Resuming, new SessionEvent.Opened())),
        ("connected", Connected),
        ("logged out, showing a QR", After(
            Connected,
            new SessionEvent.Closed(ReasonCode.LoggedOut),
            new SessionEvent.Pair(null),
            new SessionEvent.QrShown(new Secret("2@first"), Start + 60_000))),
    ];

    public static IReadOnlyList<(string Name, SessionEvent Event)> Events { get; } =
    [
        ("a person: connect", new SessionEvent.Connect()),
        ("a person: reconnect", new SessionEvent.Reconnect()),
        ("a person: stop", new SessionEvent.Stop()),
        ("a person: pair by QR", new SessionEvent.Pair(null)),
        ("a person: pair by code", new SessionEvent.Pair(Phone)),
        ("a person: delete", new SessionEvent.Delete()),
        ("same number linked elsewhere", new SessionEvent.Superseded()),
        ("QR arrives", new SessionEvent.QrShown(new Secret("2@next"), Start + 70_000)),
        ("pairing code arrives", new SessionEvent.PairCodeShown(new Secret("WXYZ5678"), Start + 170_000)),
        ("phone can't be linked", new SessionEvent.PairRefused(ReasonCode.DuplicateNumber, "This number is linked to another account here.")),
        ("phone accepted", new SessionEvent.Paired()),
        ("socket opened", new SessionEvent.Opened()),
        ("start failed", new SessionEvent.StartFailed("The bridge could not start.")),
        ("bridge can't run", new SessionEvent.StartFailed("Node was not found.", ReasonCode.BridgeRefused)),
        ("bridge died", new SessionEvent.BridgeDied()),
        ("probe due", new SessionEvent.ProbeDue()),
        ("probe answered", new SessionEvent.ProbeAnswered()),
        ("probe failed", new SessionEvent.ProbeFailed()),
        ("deadline reached", new SessionEvent.DeadlineReached()),
        ("lease lost", new SessionEvent.LeaseLost()),
        ("worker stops", new SessionEvent.WorkerStopping()),
        .. Closes.Select(cause => ($"closed: {SnakeCase.ToName(cause)}", (SessionEvent)new SessionEvent.Closed(cause))),
    ];

    public static IEnumerable<ReasonCode> Closes =>
    [
        ReasonCode.ConnectionLost, ReasonCode.NetworkUnreachable, ReasonCode.ServerUnavailable, ReasonCode.RestartRequired, ReasonCode.QrExpired,
        ReasonCode.LoggedOut, ReasonCode.Replaced, ReasonCode.Forbidden, ReasonCode.MultideviceMismatch, ReasonCode.BadSession,
        ReasonCode.ClientOutdated, ReasonCode.UntrustedServer, ReasonCode.StorageRefused, ReasonCode.LeaseLost, ReasonCode.Unknown,
    ];

    public static SessionState After(SessionState state, params IEnumerable<SessionEvent> changes) =>
        changes.Aggregate(state, (current, change) => SessionMachine.Next(current, change, new Moment(Start)).State);
}
