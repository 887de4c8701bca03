using System.Net;

namespace RealtimeWa;

public sealed class DuplicateTests
{
    private const string Path = "api/accounts/cleanup-duplicates";

    // Such rows are left by a restored backup or an older version; what links a phone today lets none arise.
    private static readonly Sql SetPhone = new("UPDATE accounts SET phone = @phone WHERE id = @id");

    [Fact]
    public async Task All_but_the_newest_link_of_a_phone_are_closed_by_their_workers()
    {
        await using var app = await TestApp.StartAsync();
        var oldest = await LinkedAsync(app, "Oldest", "40714000001");
        var newest = await LinkedAsync(app, "Newest", "40714000002");
        var older = await LinkedAsync(app, "Older", "40714000003");
        var other = await LinkedAsync(app, "Another phone", "40714000004");
        var unlinked = await app.Worker.AddAsync("No phone");
        await app.Worker.BecomeAsync(older.Id, SessionStatus.Connecting, ReasonCode.Linking);
        await app.Worker.BecomeAsync(newest.Id, SessionStatus.Connecting, ReasonCode.Linking);
        foreach (var account in new[] { oldest, newest, older })
        {
            await app.Get<Database>().Write(account.Id, tx => { tx.Run(SetPhone, "40714000001", account.Id.Value); }, TestApp.Cancel);
        }

        var admin = (await app.SignInAsync(OperatorRole.Admin)).Http;
        var closed = (await admin.SendAsync(HttpMethod.Post, Path, body: null, HttpStatusCode.OK)).GetProperty("closed").EnumerateArray().ToList();

        Assert.Equal([older.InstanceId, oldest.InstanceId], closed.Select(one => one.GetProperty("sessionId").GetString()));
        Assert.All(closed, one => Assert.Equal(newest.InstanceId, one.GetProperty("keptSessionId").GetString()));
        foreach (var (account, count) in new[] { (oldest, 1), (older, 1), (newest, 0), (other, 0), (unlinked, 0) })
        {
            var commands = await app.Get<CommandStore>().Open(account.Id, TestApp.Cancel);
            Assert.Equal(count, commands.Count);
            Assert.All(commands, command => Assert.Equal((CommandKind.Supersede, newest.Id.ToString()), (command.Kind, command.Argument)));
        }
    }

    [Fact]
    public async Task It_is_for_admins()
    {
        await using var app = await TestApp.StartAsync();

        (await app.Anybody().SendAsync(HttpMethod.Post, Path, body: null, HttpStatusCode.Unauthorized)).IsProblem("UNAUTHENTICATED");
        (await app.Program().SendAsync(HttpMethod.Post, Path, body: null, HttpStatusCode.Forbidden)).IsProblem("FORBIDDEN");
        var manager = (await app.SignInAsync(OperatorRole.Manager)).Http;
        (await manager.SendAsync(HttpMethod.Post, Path, body: null, HttpStatusCode.Forbidden)).IsProblem("FORBIDDEN");
    }

    private static async Task<AccountView> LinkedAsync(TestApp app, string label, string phone)
    {
        var account = await app.Worker.AddAsync(label);
        await app.Worker.LinkAsync(account.Id, phone);
        return account;
    }
}
