using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RealtimeWa;

/// <summary>A database of its own for one test, with all stores, and words for what happens in it.</summary>
internal sealed class TestData : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly string? folder;

    private TestData(ServiceProvider services, string? folder) => (this.services, this.folder) = (services, folder);

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<TestData> Open()
    {
        var place = Path.Combine(Path.GetTempPath(), "realtimewa-" + Guid.NewGuid().ToString("N"));
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Data:Directory"] = place })
            .Build();
        var registered = new ServiceCollection();
        registered.AddData(configuration);
        var provider = registered.BuildServiceProvider();
        await provider.GetRequiredService<Database>().OpenAsync(Cancel);
        return new(provider, place);
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        if (folder is not null)
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
