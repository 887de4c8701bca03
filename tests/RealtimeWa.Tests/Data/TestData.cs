using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RealtimeWa;

/// <summary>A database of its own for one test, with all stores, and words for what happens in it.</summary>
internal sealed partial class TestData : IAsyncDisposable
{
    private readonly TestPlace place;
    private readonly bool ownsPlace;
    private readonly ServiceProvider services;

    private TestData(TestPlace place, ManualTime time, bool ownsPlace, IReadOnlyDictionary<string, string?>? settings = null)
    {
        this.place = place;
        this.ownsPlace = ownsPlace;
        Time = time;
        var registered = new ServiceCollection();
        registered.AddSingleton<TimeProvider>(time);
        registered.AddData(new ConfigurationBuilder().AddInMemoryCollection(settings ?? place.Settings).Build());
        services = registered.BuildServiceProvider();
    }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ManualTime Time { get; }

    public TestPlace Place => place;

    public Database Database => Get<Database>();

    public AccountStore Accounts => Get<AccountStore>();

    public LeaseStore Leases => Get<LeaseStore>();

    public SessionStore Sessions => Get<SessionStore>();

    public SessionKeyStore Keys => Get<SessionKeyStore>();

    public InboundStore Inbound => Get<InboundStore>();

    public ThreadStore Threads => Get<ThreadStore>();

    public MessageStore Messages => Get<MessageStore>();

    public OutboxStore Outbox => Get<OutboxStore>();

    public EventStore Events => Get<EventStore>();

    public CommandStore Commands => Get<CommandStore>();

    public IDataProtectionProvider Protection => Get<IDataProtectionProvider>();

    public static async Task<TestData> Open(Dialect dialect)
    {
        var data = new TestData(await TestPlace.Make(dialect), new(), ownsPlace: true);
        await data.Database.OpenAsync(Cancel);
        return data;
    }

    /// <summary>A database that somebody else left behind.</summary>
    public static async Task<TestData> OpenAt(TestPlace place, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var data = new TestData(place, new(), ownsPlace: false, settings);
        await data.Database.OpenAsync(Cancel);
        return data;
    }

    /// <summary>Another process on the same database.</summary>
    public async Task<TestData> OpenAnother()
    {
        var data = new TestData(place, Time, ownsPlace: false);
        await data.Database.OpenAsync(Cancel);
        return data;
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        if (ownsPlace)
        {
            await place.DisposeAsync();
        }
    }
}
