using System.Runtime.InteropServices;

namespace RealtimeWa;

internal enum LeaseAct
{
    Acquire,
    Renew,

    /// <summary>The database prolongs it at once; the worker hears so later, after a stop in between.</summary>
    RenewHeardLate,
    Hear,
    Release,

    /// <summary>A worker that believes in its lease writes.</summary>
    Write,

    /// <summary>A worker that was stopped after it had looked at its lease, of now or of long ago, writes, whatever happened since.</summary>
    WriteLate,
    Pause,
    Resume,

    /// <summary>Its wall clock is set, within a second of the truth.</summary>
    Skew,
    Pass,
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct LeaseStep(LeaseAct Act, int Worker, int Account, int Amount);

/// <summary>
/// Workers with the real stores on one SQLite file, each with clocks of its own, beside a model that knows who owns what. A step on which
/// the two differ throws.
/// </summary>
internal sealed class LeaseWorld : IAsyncDisposable
{
    public const int Workers = 3;
    public const int Accounts = 3;

    private const int LargestSkew = 1_000;
    private const long Duration = 30_000;

    // The bridge closes a socket this long before its lease ends.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    private readonly TestPlace place;
    private readonly Worker[] workers;
    private readonly AccountId[] accounts;
    private readonly Dictionary<AccountId, (Fence Fence, long Until)> owners = [];
    private long atStart;
    private int lives;

    private LeaseWorld(TestPlace place, Worker[] workers, AccountId[] accounts) => (this.place, this.workers, this.accounts) = (place, workers, accounts);

    public long Written { get; private set; }

    public long Refused { get; private set; }

    public static async Task<LeaseWorld> OpenAsync()
    {
        var file = await TestPlace.Make(Dialect.Sqlite);
        var all = new Worker[Workers];
        for (var number = 0; number < Workers; number++)
            all[number] = new Worker(await TestData.OpenAt(file));
        var shops = new AccountId[Accounts];
        for (var number = 0; number < Accounts; number++)
            shops[number] = (await all[0].Data.Accounts.Add($"Shop {number}", instanceId: null, Accounts, TestData.Cancel)).Account!.Id;
        var world = new LeaseWorld(file, all, shops);
        world.atStart = await world.NumbersAsync();
        return world;
    }

    /// <summary>How many numbers the accounts have given out since this began.</summary>
    public async Task<long> NumbersAsync()
    {
        var views = await Task.WhenAll(accounts.Select(account => workers[0].Data.Accounts.Find(account, TestData.Cancel)));
        return views.Sum(view => view!.Seq) - atStart;
    }

    public bool Live(LeaseStep[] steps)
    {
        BeginAnew();
        foreach (var step in steps)
        {
            TakeAsync(step).GetAwaiter().GetResult();
            OneSpeaks();
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers)
            await worker.Data.DisposeAsync();
        await place.DisposeAsync();
    }

    private void BeginAnew()
    {
        lives++;
        Pass(TimeSpan.FromHours(1));
        foreach (var worker in workers)
            worker.BeginAnew($"worker {Array.IndexOf(workers, worker)}, life {lives}");
    }

    private Task TakeAsync(LeaseStep step)
    {
        var worker = workers[step.Worker];
        var account = accounts[step.Account];
        switch (step.Act)
        {
            case LeaseAct.Pass:
                Pass(TimeSpan.FromMilliseconds(step.Amount));
                break;
            case LeaseAct.Pause:
                worker.IsPaused = true;
                break;
            case LeaseAct.Resume:
                worker.IsPaused = false;
                break;
            case LeaseAct.Skew:
                worker.Skew((step.Amount % ((2 * LargestSkew) + 1)) - LargestSkew);
                break;
            case LeaseAct.WriteLate when worker.Past.Where(fence => fence.AccountId == account).ToArray() is { Length: > 0 } past:
                return WriteAsync(past[step.Amount % past.Length]);
            case var _ when worker.IsPaused:
                break;
            case LeaseAct.Write when worker.Known.TryGetValue(account, out var known) && known.IsHeld:
                return WriteAsync(known.Fence);
            case LeaseAct.Acquire:
                return AcquireAsync(worker);
            case LeaseAct.Renew:
                return RenewAsync(worker, hearsLate: false);
            case LeaseAct.RenewHeardLate:
                return RenewAsync(worker, hearsLate: true);
            case LeaseAct.Hear:
                worker.Hear();
                break;
            case LeaseAct.Release when worker.Known.TryGetValue(account, out var known):
                return ReleaseAsync(worker, known);
        }

        return Task.CompletedTask;
    }

    private async Task AcquireAsync(Worker worker)
    {
        var asked = worker.Clock.GetTimestamp();
        var free = accounts.Where(account => !owners.TryGetValue(account, out var owner) || owner.Until <= worker.Now).ToArray();
        var taken = await worker.Data.Leases.Acquire(worker.Id, Accounts, TimeSpan.FromMilliseconds(Duration), TestData.Cancel);

        Assert.Equal(free, taken.Select(lease => lease.Fence.AccountId));
        foreach (var (fence, until) in taken)
        {
            Assert.True(!owners.TryGetValue(fence.AccountId, out var before) || fence.Epoch > before.Fence.Epoch, "An epoch belongs to one owner.");
            owners[fence.AccountId] = (fence, until);
            worker.Past.Add(fence);
            worker.Known[fence.AccountId] = new HeldLease(fence, worker.Clock, asked, TimeSpan.FromMilliseconds(Duration));
        }
    }

    private async Task RenewAsync(Worker worker, bool hearsLate)
    {
        var held = worker.Known.Values.Where(lease => lease.IsHeld).ToArray();
        if (held.Length == 0)
            return;

        var asked = worker.Clock.GetTimestamp();
        var renewed = await worker.Data.Leases.Renew([.. held.Select(lease => lease.Fence)], TimeSpan.FromMilliseconds(Duration), TestData.Cancel);

        Assert.Equal(held.Select(lease => lease.Fence).Where(Owns).ToHashSet(), renewed.Select(lease => lease.Fence).ToHashSet());
        foreach (var (fence, until) in renewed)
            owners[fence.AccountId] = (fence, until);
        worker.Unheard.Enqueue(() =>
        {
            foreach (var lease in held)
            {
                if (renewed.Any(each => each.Fence == lease.Fence))
                    lease.Renewed(asked, TimeSpan.FromMilliseconds(Duration));
                else
                    lease.Lost();
            }
        });
        if (!hearsLate)
            worker.Hear();
    }

    private async Task ReleaseAsync(Worker worker, HeldLease lease)
    {
        await worker.Data.Leases.Release(lease.Fence, TestData.Cancel);
        if (Owns(lease.Fence))
            owners.Remove(lease.AccountId);
        worker.Known.Remove(lease.AccountId);
        worker.Unheard.Clear();
    }

    private async Task WriteAsync(Fence fence)
    {
        var came = true;
        try
        {
            await workers[0].Data.Database.Write(fence.AccountId, tx => { tx.Advance(fence.AccountId, 1, fence); }, TestData.Cancel);
            Written++;
        }
        catch (LeaseLostException)
        {
            came = false;
            Refused++;
        }

        Assert.True(came == Owns(fence), $"A write of {fence.WorkerId} with epoch {fence.Epoch} {(came ? "came through" : "was refused")}.");
    }

    private bool Owns(Fence fence) => owners.TryGetValue(fence.AccountId, out var owner) && owner.Fence == fence;

    private void OneSpeaks()
    {
        foreach (var account in accounts)
        {
            var speaking = workers.Count(worker => worker.Known.TryGetValue(account, out var lease) && lease.Left > Margin);
            Assert.True(speaking <= 1, $"{speaking} workers may have a socket for one account.");
        }
    }

    private void Pass(TimeSpan time)
    {
        foreach (var worker in workers)
            worker.Pass(time);
    }

    private sealed class Worker(TestData data)
    {
        private long skew;

        public TestData Data => data;

        public LeaseClock Clock { get; } = new();

        public string Id { get; private set; } = "";

        public bool IsPaused { get; set; }

        public long Now => data.Time.Now;

        /// <summary>What it believes to own, or did.</summary>
        public Dictionary<AccountId, HeldLease> Known { get; } = [];

        /// <summary>Every ownership that it ever had.</summary>
        public List<Fence> Past { get; } = [];

        public Queue<Action> Unheard { get; } = [];

        public void BeginAnew(string id)
        {
            Id = id;
            IsPaused = false;
            Known.Clear();
            Past.Clear();
            Unheard.Clear();
            Skew(0);
        }

        public void Hear()
        {
            while (Unheard.TryDequeue(out var answer))
                answer();
        }

        public void Skew(long next)
        {
            data.Time.Pass(TimeSpan.FromMilliseconds(next - skew));
            skew = next;
        }

        public void Pass(TimeSpan time)
        {
            Clock.Pass(time);
            data.Time.Pass(time);
        }
    }
}
