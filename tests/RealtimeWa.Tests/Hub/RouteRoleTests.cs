using System.Net;

namespace RealtimeWa;

/// <summary>Every route for programs × everybody who may come: who gets past the door, and who is told what.</summary>
public sealed class RouteRoleTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private const string Gateway = "api/channel-admin/v1/whatsapp/personal/sessions";

    private readonly TestApp app = shared.App;

    [Theory]
    [InlineData("GET", "health/deep", OperatorRole.Employee, true)]
    [InlineData("GET", "api/session-manager/sessions/nobody", OperatorRole.Employee, true)]
    [InlineData("POST", "api/session-manager/sessions/nobody/qr", OperatorRole.Admin, true)]
    [InlineData("POST", "api/session-manager/sessions/nobody/messages", OperatorRole.Employee, true)]
    [InlineData("POST", "sessions/nobody/reconnect", OperatorRole.Manager, true)]
    [InlineData("GET", "api/whatsapp/nobody/status", OperatorRole.Employee, false)]
    [InlineData("GET", "api/whatsapp/nobody/qr", OperatorRole.Manager, false)]
    [InlineData("POST", "api/accounts/cleanup-duplicates", OperatorRole.Admin, false)]
    public async Task A_route_is_for_its_role_and_those_above_and_for_keys_where_it_says_so(string method, string path, OperatorRole least, bool isForPrograms)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(app.Anybody(), method, path));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(app.Program("not-a-key-0123456789"), method, path));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(app.Gateway(), method, path));
        Assert.Equal(isForPrograms, IsInside(await AskAsync(app.Program(), method, path)));
        foreach (var role in Enum.GetValues<OperatorRole>())
        {
            var answer = await AskAsync((await shared.As(role)).Http, method, path);
            Assert.True(role >= least ? IsInside(answer) : answer == HttpStatusCode.Forbidden, $"{role}: {answer}");
        }
    }

    [Theory]
    [InlineData("POST", Gateway)]
    [InlineData("GET", $"{Gateway}/nobody/qr")]
    [InlineData("GET", $"{Gateway}/nobody/status")]
    [InlineData("DELETE", $"{Gateway}/nobody")]
    public async Task The_admin_API_is_for_the_gateway_alone(string method, string path)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(app.Anybody(), method, path));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(app.Program(), method, path));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync((await shared.As(OperatorRole.Admin)).Http, method, path));
        Assert.True(IsInside(await AskAsync(app.Gateway(), method, path)));
    }

    [Theory]
    [InlineData("health")]
    [InlineData("openapi/v1.json")]
    public async Task Two_addresses_are_for_anyone(string path) => Assert.Equal(HttpStatusCode.OK, await AskAsync(app.Anybody(), "GET", path));

    private static bool IsInside(HttpStatusCode answer) => answer is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden);

    private static async Task<HttpStatusCode> AskAsync(HttpClient http, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await http.SendAsync(request, TestApp.Cancel);
        return answer.StatusCode;
    }
}
