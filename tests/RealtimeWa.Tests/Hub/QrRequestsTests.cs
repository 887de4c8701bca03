using System.Security.Claims;
using Microsoft.Extensions.Options;
using RealtimeWa.Processes;

namespace RealtimeWa;

/// <summary>Asked for a code in the moment in which the one before has expired.</summary>
public sealed class QrRequestsTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly TestApp app = shared.App;
    private readonly SimulatedTime time = new();

    [Fact]
    public async Task A_link_that_goes_on_gives_its_next_code()
    {
        var account = await ExpiredAsync();
        var asked = AskAsync(account);
        await LooksAsync();
        await app.Worker.ShowQrAsync(account, "next");

        time.Pass(Look);

        Assert.Equal("next", (await asked.WaitAsync(Eventually.Limit, TimeProvider.System, TestApp.Cancel)).Qr?.Qr);
        Assert.Empty(await app.Get<CommandStore>().Open(account, TestApp.Cancel));
    }

    [Fact]
    public async Task A_link_that_makes_no_other_is_begun_anew()
    {
        var account = await ExpiredAsync();
        var asked = AskAsync(account);
        await Eventually.Async(
            () =>
            {
                time.Pass(Look);
                return app.Get<CommandStore>().Open(account, TestApp.Cancel);
            },
            static open => open is [{ Kind: CommandKind.Pair }],
            "the worker is asked",
            TestApp.Cancel);
        await app.Worker.ShowQrAsync(account, "fresh");
        await Eventually.Async(
            () =>
            {
                time.Pass(Look);
                return Task.FromResult(asked.IsCompleted);
            },
            static isAnswered => isAnswered,
            "the code is given",
            TestApp.Cancel);

        Assert.Equal("fresh", (await asked).Qr?.Qr);
    }

    private async Task<AccountId> ExpiredAsync()
    {
        var account = await app.Worker.AddAsync();
        await app.Worker.BecomeAsync(
            account.Id, SessionStatus.QrRequired, ReasonCode.WaitingForScan, qr: new QrView("over", PairCode: null, ExpiresAt: 1));
        return account.Id;
    }

    private Task<QrAnswer> AskAsync(AccountId account)
    {
        var admin = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Role, SnakeCase.ToName(OperatorRole.Admin))], "test"));
        var requests = new QrRequests(
            app.Get<AccountActions>(), app.Get<AccountStore>(), app.Get<SessionStore>(), time, Options.Create(new ApiOptions { QrWait = TimeSpan.FromHours(1) }));
        return requests.Ask(admin, account, TestApp.Cancel);
    }

    private async Task LooksAsync() =>
        await Eventually.Async(() => Task.FromResult(time.RingsIn(Look)), static looked => looked, "it has looked and found none", TestApp.Cancel);
}
