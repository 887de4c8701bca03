namespace RealtimeWa;

public sealed class HeldLeaseTests
{
    private static readonly Fence Fence = new(new AccountId(1), 7, "worker");

    [Fact]
    public void It_counts_from_before_the_database_was_asked_and_on_the_monotonic_clock()
    {
        var time = new LeaseClock();
        var asked = time.GetTimestamp();
        time.Pass(TimeSpan.FromSeconds(4));
        var lease = new HeldLease(Fence, time, asked, TimeSpan.FromSeconds(30));

        Assert.Equal(TimeSpan.FromSeconds(26), lease.Left);

        time.Skew(TimeSpan.FromHours(-3));
        time.Pass(TimeSpan.FromSeconds(26));

        Assert.False(lease.IsHeld);
    }

    [Fact]
    public void A_renewal_prolongs_it_and_a_loss_ends_it()
    {
        var time = new LeaseClock();
        var lease = new HeldLease(Fence, time, time.GetTimestamp(), TimeSpan.FromSeconds(30));
        time.Pass(TimeSpan.FromSeconds(20));

        lease.Renewed(time.GetTimestamp(), TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.FromSeconds(30), lease.Left);

        lease.Lost();
        Assert.False(lease.IsHeld);
    }

    [Fact]
    public void A_worker_of_this_machine_is_dead_when_its_process_is_gone()
    {
        var identity = new WorkerIdentity();
        var parts = identity.Id.Split('/');

        Assert.True(parts.Length == 3 && identity.Id.Length <= 200, identity.Id);
        Assert.False(identity.IsDead(identity.Id));
        Assert.True(identity.IsDead($"{parts[0]}/999999999-123/x"));
        Assert.True(identity.IsDead($"{parts[0]}/1-1/x"));
        Assert.False(identity.IsDead("elsewhere/999999999-123/x"));
        Assert.False(identity.IsDead("nonsense"));
    }
}
