namespace RealtimeWa;

/// <summary>One product for the tests of a class; each test has accounts of its own.</summary>
public sealed class SharedApp : IAsyncLifetime
{
    private readonly SemaphoreSlim turn = new(1);

    private readonly Dictionary<OperatorRole, Somebody> people = [];

    public TestApp App { get; private set; } = null!;

    /// <summary>The one of this role who is signed in all the time: an address may not sign in without end.</summary>
    public async Task<Somebody> As(OperatorRole role)
    {
        await turn.WaitAsync(TestApp.Cancel);
        try
        {
            return people.TryGetValue(role, out var known) ? known : people[role] = await App.SignInAsync(role);
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask InitializeAsync() => App = await TestApp.StartAsync("--Accounts:Max=1000");

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
