namespace RealtimeWa.Sessions;

/// <summary>What each close means for people: its status, its reason, what they can do, and whether it comes back by itself.</summary>
public sealed class CloseCodesTests
{
    public static readonly TheoryData<int, string, SessionStatus, ReasonCode, OperatorAction> Closes = new()
    {
        { 401, "Intentional Logout", SessionStatus.Error, ReasonCode.LoggedOut, OperatorAction.RelinkPhone },
        { 403, "Connection Failure", SessionStatus.Error, ReasonCode.Forbidden, OperatorAction.OpenPhone },
        { 405, "Connection Failure", SessionStatus.Disconnected, ReasonCode.ClientOutdated, OperatorAction.UpdateProduct },
        { 408, "Connection was lost", SessionStatus.Disconnected, ReasonCode.ConnectionLost, OperatorAction.Wait },
        { 408, "QR refs attempts ended", SessionStatus.Disconnected, ReasonCode.QrExpired, OperatorAction.ScanQr },
        { 411, "Connection Failure", SessionStatus.Error, ReasonCode.MultideviceMismatch, OperatorAction.RelinkPhone },
        { 428, "Connection Terminated", SessionStatus.Disconnected, ReasonCode.ConnectionLost, OperatorAction.Wait },
        { 440, "Stream Errored (conflict)", SessionStatus.Error, ReasonCode.Replaced, OperatorAction.CloseOtherClient },
        { 495, "The server's certificate is not genuine: its root did not sign it.", SessionStatus.Disconnected, ReasonCode.UntrustedServer, OperatorAction.ContactAdmin },
        { 500, "Stream Errored", SessionStatus.Error, ReasonCode.BadSession, OperatorAction.RelinkPhone },
        { 503, "Stream Errored", SessionStatus.Disconnected, ReasonCode.ServerUnavailable, OperatorAction.Wait },
        { 515, "Stream Errored (restart required)", SessionStatus.Connecting, ReasonCode.RestartRequired, OperatorAction.Wait },
        { 599, "Something else", SessionStatus.Disconnected, ReasonCode.Unknown, OperatorAction.Wait },
        { 403, "WebSocket Error (Unexpected server response: 403)", SessionStatus.Disconnected, ReasonCode.NetworkUnreachable, OperatorAction.Wait },
        { 500, "WebSocket Error (self signed certificate)", SessionStatus.Disconnected, ReasonCode.NetworkUnreachable, OperatorAction.Wait },
    };

    [Theory, MemberData(nameof(Closes))]
    public void Every_close_code_has_its_status_reason_and_action(int code, string text, SessionStatus status, ReasonCode reason, OperatorAction action)
    {
        var cause = BaileysStates.Cause(code, text, loggedOut: code == 401);
        var (state, effects) = SessionMachine.Next(Sample.Connected, new SessionEvent.Closed(cause), new Moment(Sample.Start + 1));

        Assert.Equal((status, reason, action), (state.View.Status, state.View.Reason, state.View.Action));
        Assert.Equal(status is SessionStatus.Error, state.Deadline is null);
        Assert.Equal(status is SessionStatus.Connecting, effects.OfType<SessionEffect.Start>().Any());
        Assert.Equal(reason is ReasonCode.Replaced, effects.Contains(new SessionEffect.ReleaseLease()));
    }
}
