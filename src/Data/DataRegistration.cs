using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace RealtimeWa;

/// <summary>
/// Where data lives: <c>ConnectionStrings:Database</c>, <c>Database:Provider</c> (Sqlite, SqlServer) and <c>Data:Directory</c>; what
/// protects the key ring: <c>Data:KeyRingCertificate</c> (a PFX file) and <c>Data:KeyRingPassphrase</c>.
/// </summary>
public static class DataRegistration
{
    /// <summary>
    /// Adds the database, all stores, and Data Protection with its ring in <c>Data:Directory</c>/keys. Call
    /// <see cref="Database.OpenAsync"/> before anything else uses a store. Throws <see cref="StorageRefusedException"/> when the
    /// configuration makes no sense.
    /// </summary>
    public static IServiceCollection AddData(this IServiceCollection services, IConfiguration configuration)
    {
        var place = DataPlace.From(configuration);
        services.TryAddSingleton(TimeProvider.System);
        var ring = services.AddDataProtection().SetApplicationName("RealtimeWa").PersistKeysToFileSystem(place.KeyRing());
        if (KeyRingCertificate.Load(configuration) is { } certificate)
        {
            ring.ProtectKeysWithCertificate(certificate);
        }

        services.AddSingleton(provider => new Database(place.Engine(provider.GetRequiredService<TimeProvider>())));
        services.AddSingleton(provider => new Vault(provider.GetRequiredService<Database>(), provider.GetRequiredService<IDataProtectionProvider>()));
        services.AddSingleton<AccountStore>();
        services.AddSingleton<LeaseStore>();
        services.AddSingleton(provider => new SessionStore(provider.GetRequiredService<Database>(), provider.GetRequiredService<Vault>()));
        services.AddSingleton(provider => new SessionKeyStore(provider.GetRequiredService<Database>(), provider.GetRequiredService<Vault>()));
        services.AddSingleton(provider => new InboundStore(provider.GetRequiredService<Database>(), provider.GetRequiredService<Vault>()));
        services.AddSingleton<ThreadStore>();
        services.AddSingleton<MessageStore>();
        services.AddSingleton<OutboxStore>();
        services.AddSingleton<ReceiptStore>();
        services.AddSingleton<CommandStore>();
        services.AddSingleton<EventStore>();
        services.AddSingleton<SnapshotStore>();
        services.AddSingleton<OperatorStore>();
        services.AddSingleton<InventoryStore>();
        services.AddSingleton<HealthStore>();
        services.AddSingleton<DuplicateStore>();
        return services;
    }
}
