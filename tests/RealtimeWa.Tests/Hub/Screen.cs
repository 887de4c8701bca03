using System.Net;
using System.Text.Json;
using RealtimeWa.Processes;

namespace RealtimeWa;

/// <summary>
/// What a browser shows, kept live as the browser does it: a snapshot, then events in the order of their numbers; what is missing is
/// asked for.
/// </summary>
public sealed class Screen : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Lock state = new();
    private readonly Dictionary<AccountId, long> seqs = [];
    private readonly Dictionary<AccountId, AccountView> accounts = [];
    private readonly Dictionary<ThreadId, ThreadView> threads = [];
    private readonly List<EventView> heard = [];
    private readonly Dictionary<AccountId, long> numbers = [];

    private Screen()
    {
    }

    public OperatorConnection Hub { get; private set; } = null!;

    /// <summary>Frames of changes that this browser loses.</summary>
    public bool LosesFrames { get; set; }

    public static async Task<Screen> OpenAsync(Uri url, CookieContainer cookies)
    {
        var screen = new Screen();
        screen.Hub = await OperatorConnection.OpenAsync(url, cookies, screen.Told, TestApp.Cancel);
        await screen.ReloadAsync();
        return screen;
    }

    /// <summary>The newest numbers that the hub said beside its keep-alive.</summary>
    public IReadOnlyDictionary<AccountId, long> Numbers
    {
        get
        {
            lock (state)
            {
                return new Dictionary<AccountId, long>(numbers);
            }
        }
    }

    public IReadOnlyList<EventView> Heard
    {
        get
        {
            lock (state)
            {
                return [.. heard];
            }
        }
    }

    public static async Task<Snapshot> SnapshotAsync(OperatorConnection hub) => await hub.CallAsync<Snapshot>("Snapshot", TestApp.Cancel);

    public long SeqOf(AccountId account)
    {
        lock (state)
        {
            return seqs.GetValueOrDefault(account);
        }
    }

    /// <summary>Everything, in one text that is the same for the same facts.</summary>
    public string Picture()
    {
        lock (state)
        {
            return Draw(seqs[AccountId.System], accounts.Values, threads.Values);
        }
    }

    public static string Draw(Snapshot snapshot) => Draw(snapshot.SystemSeq, snapshot.Accounts, snapshot.Threads);

    /// <summary>What a browser does after a gap.</summary>
    public async Task<CatchUp> CatchUpAsync(AccountId account)
    {
        var caught = await Hub.CallAsync<CatchUp>("CatchUp", TestApp.Cancel, account, SeqOf(account));
        Apply(caught.Events);
        return caught;
    }

    /// <summary>A fresh snapshot takes the place of everything.</summary>
    public async Task ReloadAsync()
    {
        var snapshot = await SnapshotAsync(Hub);
        lock (state)
        {
            accounts.Clear();
            threads.Clear();
            seqs[AccountId.System] = snapshot.SystemSeq;
            foreach (var account in snapshot.Accounts)
            {
                accounts[account.Id] = account;
                seqs[account.Id] = account.Seq;
            }

            foreach (var thread in snapshot.Threads)
            {
                threads[thread.Id] = thread;
            }
        }
    }

    public ValueTask DisposeAsync() => Hub.DisposeAsync();

    private static string Draw(long systemSeq, IEnumerable<AccountView> accounts, IEnumerable<ThreadView> threads) => JsonSerializer.Serialize(
        new
        {
            systemSeq,
            accounts = accounts.OrderBy(account => account.Id.Value),
            threads = threads.Where(thread => thread.LastMessageAt > 0).OrderByDescending(thread => thread.LastMessageAt).ThenByDescending(thread => thread.Id.Value),
        },
        Json);

    private void Told(string method, JsonElement arguments)
    {
        if (string.Equals(method, "Numbers", StringComparison.Ordinal))
        {
            lock (state)
            {
                foreach (var (account, seq) in arguments[0].Deserialize<List<Seen>>(Json)!)
                {
                    numbers[account] = seq;
                }
            }
        }
        else if (string.Equals(method, "Changed", StringComparison.Ordinal) && !LosesFrames)
        {
            Apply(arguments[0].Deserialize<List<EventView>>(Json)!);
        }
    }

    private void Apply(IReadOnlyList<EventView> events)
    {
        lock (state)
        {
            foreach (var change in events)
            {
                heard.Add(change);
                if (change.Seq == seqs.GetValueOrDefault(change.AccountId) + 1)
                {
                    seqs[change.AccountId] = change.Seq;
                    Apply(change);
                }
            }
        }
    }

    private void Apply(EventView change)
    {
        var body = change.Body;
        if (change.Kind == EventKind.AccountDeleted)
        {
            accounts.Remove(body.Account!.Id);
            foreach (var thread in threads.Values.Where(thread => thread.AccountId == body.Account.Id).ToList())
            {
                threads.Remove(thread.Id);
            }

            return;
        }

        if (body.Account is { } account)
        {
            accounts[account.Id] = account;
        }

        // The account's own number is that of its newest event, whatever that was about.
        if (accounts.TryGetValue(change.AccountId, out var known))
        {
            accounts[change.AccountId] = known with { Session = body.Session ?? known.Session, Seq = change.Seq };
        }

        if (body.Thread is { } changed)
        {
            threads[changed.Id] = changed;
        }

        if (body.GoneThread is { } gone)
        {
            threads.Remove(gone);
        }
    }
}
