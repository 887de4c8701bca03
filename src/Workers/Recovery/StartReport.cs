using System.Globalization;
using Microsoft.Extensions.Logging;

namespace RealtimeWa;

/// <summary>One line in the log, once: what became of an account after this worker took it.</summary>
internal sealed partial class StartReport(ILogger logger, AccountId account)
{
    private bool isGiven;

    public void Look(SessionState state)
    {
        if (isGiven || Outcome(state) is not { } outcome)
            return;

        isGiven = true;
        Log.Started(logger, account, outcome);
    }

    /// <summary>Nothing while it is under way.</summary>
    public static string? Outcome(SessionState state) => state switch
    {
        { Phase: SessionPhase.Proven } => "connected",
        { Phase: SessionPhase.Waiting, View: { RetryAt: { } at } view } =>
            string.Create(CultureInfo.InvariantCulture, $"will retry in {Math.Max(0, at - view.UpdatedAt) / 1000.0:0.#} s ({SnakeCase.ToName(view.Reason)})"),
        { View.Action: OperatorAction.ScanQr or OperatorAction.RelinkPhone } => $"needs a scan ({SnakeCase.ToName(state.View.Reason)})",
        { View.Status: SessionStatus.Error } => $"needs a person ({SnakeCase.ToName(state.View.Reason)})",
        { View.Reason: ReasonCode.StoppedByPerson } => "stays stopped, as a person asked",
        _ => null,
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Account {Account} at start: {Outcome}.")]
        public static partial void Started(ILogger logger, AccountId account, string outcome);
    }
}
