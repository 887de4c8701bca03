using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RealtimeWa;

// usage: RealtimeWa.CrashWriter <folder> <accounts>
// One line per confirmed write: what, account, number.
var services = new ServiceCollection();
services.AddData(new ConfigurationBuilder()
    .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Data:Directory"] = args[0] })
    .Build());
await using var provider = services.BuildServiceProvider();
var end = CancellationToken.None;
await provider.GetRequiredService<Database>().OpenAsync(end);
var accounts = provider.GetRequiredService<AccountStore>();
for (var number = 0; number < int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture); number++)
{
    await accounts.Add($"Shop {number}", instanceId: null, max: 100, end);
}

var leases = await provider.GetRequiredService<LeaseStore>().Acquire("writer", 100, TimeSpan.FromHours(1), end);
var keys = provider.GetRequiredService<SessionKeyStore>();
var inbound = provider.GetRequiredService<InboundStore>();
var gate = new Lock();
await Task.WhenAll(leases.Select(lease => Task.Run(() => Write(lease.Fence), end)));

async Task Write(Fence fence)
{
    Chat chat = new("407@s.whatsapp.net", "407");
    for (var number = 1; ; number++)
    {
        var key = $"message/{number}";
        InboundRecord record = new(key, "message", new byte[500], [new($"{number:x32}", [1, 2, 3])], Offline: false, number);
        await keys.Commit(fence, new([new("session", "one", $"{number}"), new("pre-key", $"{number}", new string('x', 1500))], Inbound: record), end);
        Say("saved", fence, number);
        await inbound.Ingest(fence, [new(key, [new MessageArrived($"W{number}", chat, new("407"), FromMe: false, number, MessageKind.Text, "hello")], number)], end);
        Say("shown", fence, number);
    }
}

void Say(string what, Fence fence, int number)
{
    lock (gate)
    {
        Console.WriteLine($"{what} {fence.AccountId} {number}");
    }
}
