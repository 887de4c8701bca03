using RealtimeWa.Sessions;

namespace RealtimeWa.Recovery;

public sealed class StartReportTests
{
    [Theory]
    [InlineData("connected", "connected")]
    [InlineData("waiting for its next attempt", "will retry in 5 s (connection_lost)")]
    [InlineData("never linked", "needs a scan (never_linked)")]
    [InlineData("logged out", "needs a scan (logged_out)")]
    [InlineData("replaced by another client", "needs a person (replaced)")]
    [InlineData("stopped by a person", "stays stopped, as a person asked")]
    [InlineData("asked for a QR", "needs a scan (waiting_for_scan)")]
    [InlineData("resuming", null)]
    [InlineData("open, not proven", null)]
    [InlineData("linked just now", null)]
    public void Each_account_is_told_once_it_is_known_what_became_of_it(string name, string? outcome) =>
        Assert.Equal(outcome, StartReport.Outcome(Sample.States.Single(state => string.Equals(state.Name, name, StringComparison.Ordinal)).State));
}
