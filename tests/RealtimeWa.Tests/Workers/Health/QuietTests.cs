using RealtimeWa.Sessions;

namespace RealtimeWa.Health;

public sealed class QuietTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private static readonly SessionView View = Sample.Connected.View with { LastEventAt = Sample.Start };

    [Fact]
    public void Silence_asks_for_a_proof_once_each_time_that_it_was_long()
    {
        var quiet = new Quiet();

        var asked = Enumerable.Range(1, 130).Where(minute => quiet.IsTooLong(View, After(minute), Patience)).ToArray();

        Assert.Equal([30, 60, 90, 120], asked);
    }

    [Fact]
    public void An_event_and_a_new_connection_are_signs_of_life_and_a_proof_is_none()
    {
        Assert.False(new Quiet().IsTooLong(View with { LastEventAt = After(20).ToUnixTimeMilliseconds() }, After(45), Patience));
        Assert.False(new Quiet().IsTooLong(View with { LastConnectedAt = After(20).ToUnixTimeMilliseconds() }, After(45), Patience));
        Assert.True(new Quiet().IsTooLong(View with { LastProofAt = After(44).ToUnixTimeMilliseconds() }, After(45), Patience));
    }

    [Fact]
    public void What_is_not_connected_is_not_asked() =>
        Assert.False(new Quiet().IsTooLong(View with { Status = SessionStatus.Disconnected }, After(600), Patience));

    private static DateTimeOffset After(int minutes) => DateTimeOffset.FromUnixTimeMilliseconds(Sample.Start).AddMinutes(minutes);
}
