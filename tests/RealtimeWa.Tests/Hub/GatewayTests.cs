using System.Net;
using System.Text;
using System.Text.Json;

namespace RealtimeWa;

public sealed class GatewayTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private const string Sessions = "api/channel-admin/v1/whatsapp/personal/sessions";

    private readonly TestApp app = shared.App;

    [Fact]
    public async Task A_session_is_started_scanned_watched_and_stopped()
    {
        var started = await StartAsync("First day");
        var id = started.GetProperty("sessionId").GetString()!;
        Assert.Equal(["sessionId", "accountLabel", "status"], started.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("First day", "PENDING_QR"), (started.GetProperty("accountLabel").GetString(), started.GetProperty("status").GetString()));
        var account = (await app.Get<AccountStore>().FindByInstance(id, TestApp.Cancel))!;
        Assert.Equal(CommandKind.Pair, Assert.Single(await app.Get<CommandStore>().Open(account.Id, TestApp.Cancel)).Kind);

        (await app.Gateway().ReadAsync($"{Sessions}/{id}/qr", HttpStatusCode.Conflict)).IsProblem("SESSION_QR_NOT_READY");
        await app.Worker.ShowQrAsync(account.Id, "2@abc");
        var qr = await app.Gateway().ReadAsync($"{Sessions}/{id}/qr");
        Assert.Equal("2@abc", qr.GetProperty("code").GetString());
        Assert.EndsWith("Z", qr.GetProperty("expiresAt").GetString(), StringComparison.Ordinal);
        const string Picture = "data:image/svg+xml;base64,";
        var picture = qr.GetProperty("qr").GetString()!;
        Assert.StartsWith(Picture, picture, StringComparison.Ordinal);
        Assert.StartsWith("<svg", Encoding.UTF8.GetString(Convert.FromBase64String(picture[Picture.Length..])), StringComparison.Ordinal);

        await app.Worker.LinkAsync(account.Id, "40713000001");
        await app.Worker.BecomeAsync(account.Id, SessionStatus.Connected, ReasonCode.Proven);
        var status = await app.Gateway().ReadAsync($"{Sessions}/{id}/status");
        Assert.Equal(["sessionId", "accountLabel", "status", "updatedAt"], status.EnumerateObject().Select(member => member.Name));
        Assert.Equal("ACTIVE", status.GetProperty("status").GetString());

        await app.Gateway().SendAsync(HttpMethod.Delete, $"{Sessions}/{id}", body: null, HttpStatusCode.NoContent);
        await app.Worker.BecomeAsync(account.Id, SessionStatus.Disconnected, ReasonCode.StoppedByPerson);
        Assert.Equal("STOPPED", (await app.Gateway().ReadAsync($"{Sessions}/{id}/status")).GetProperty("status").GetString());

        // The same label again is the same session.
        Assert.Equal(id, (await StartAsync("First day")).GetProperty("sessionId").GetString());
    }

    [Fact]
    public async Task A_label_that_runs_already_is_named_so_that_the_caller_can_attach()
    {
        var id = (await StartAsync("Twice")).GetProperty("sessionId").GetString();

        var refused = await StartAsync(" twice ", HttpStatusCode.Conflict);

        refused.IsProblem("SESSION_ALREADY_RUNNING");
        Assert.Equal(id, refused.GetProperty("sessionId").GetString());
    }

    [Fact]
    public async Task A_code_that_has_expired_is_gone_and_a_new_one_is_on_its_way()
    {
        var id = (await StartAsync("Slow person")).GetProperty("sessionId").GetString()!;
        var account = (await app.Get<AccountStore>().FindByInstance(id, TestApp.Cancel))!;
        await app.Worker.ExpireQrAsync(account.Id);

        (await app.Gateway().ReadAsync($"{Sessions}/{id}/qr", HttpStatusCode.Gone)).IsProblem("SESSION_QR_EXPIRED");

        Assert.All(await app.Get<CommandStore>().Open(account.Id, TestApp.Cancel), command => Assert.Equal(CommandKind.Pair, command.Kind));
        Assert.Equal(2, (await app.Get<CommandStore>().Open(account.Id, TestApp.Cancel)).Count);
    }

    [Theory]
    [InlineData(SessionStatus.Init, false, "PENDING_QR")]
    [InlineData(SessionStatus.QrRequired, false, "PENDING_QR")]
    [InlineData(SessionStatus.Connecting, false, "PENDING_QR")]
    [InlineData(SessionStatus.Connecting, true, "DEGRADED")]
    [InlineData(SessionStatus.Connected, true, "ACTIVE")]
    [InlineData(SessionStatus.Disconnected, true, "DEGRADED")]
    [InlineData(SessionStatus.Error, true, "DEGRADED")]
    public async Task Each_status_has_its_word(SessionStatus status, bool isLinked, string word)
    {
        var account = await app.Worker.AddAsync($"{status}{isLinked}");
        if (isLinked)
        {
            await app.Worker.LinkAsync(account.Id, $"4071310000{(int)status}");
        }

        await app.Worker.BecomeAsync(account.Id, status, ReasonCode.None);

        Assert.Equal(word, (await app.Gateway().ReadAsync($"{Sessions}/{account.InstanceId}/status")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Only_the_gateways_token_opens_it()
    {
        foreach (var http in new[] { app.Anybody(), app.Program(), app.Gateway("some-other-token-0123456789"), app.Gateway(""), (await shared.As(OperatorRole.Admin)).Http })
        {
            (await http.SendAsync(HttpMethod.Post, Sessions, new { accountLabel = "x" }, HttpStatusCode.Unauthorized)).IsProblem("UNAUTHENTICATED");
            (await http.ReadAsync($"{Sessions}/nobody/status", HttpStatusCode.Unauthorized)).IsProblem("UNAUTHENTICATED");
        }

        // And it opens nothing else.
        (await app.Gateway().ReadAsync("health/deep", HttpStatusCode.Unauthorized)).IsProblem("UNAUTHENTICATED");
    }

    [Fact]
    public async Task A_session_that_is_not_there_is_not_found_and_a_label_is_needed()
    {
        foreach (var path in new[] { "nobody/status", "nobody/qr", "system/status" })
        {
            (await app.Gateway().ReadAsync($"{Sessions}/{path}", HttpStatusCode.NotFound)).IsProblem("SESSION_NOT_FOUND");
        }

        (await app.Gateway().SendAsync(HttpMethod.Delete, $"{Sessions}/nobody", body: null, HttpStatusCode.NotFound)).IsProblem("SESSION_NOT_FOUND");
        (await StartAsync("  ", HttpStatusCode.BadRequest)).IsProblem("INVALID_LABEL");
        (await app.Gateway().SendAsync(HttpMethod.Post, Sessions, body: null, HttpStatusCode.UnsupportedMediaType)).IsProblem("UNSUPPORTED_MEDIA_TYPE");
    }

    [Fact]
    public async Task Where_personal_sessions_are_switched_off_none_is_started()
    {
        await using var closed = await TestApp.StartAsync("--Gateway:PersonalSessionsEnabled=false");

        (await closed.Gateway().SendAsync(HttpMethod.Post, Sessions, new { accountLabel = "x" }, HttpStatusCode.Forbidden)).IsProblem("PERSONAL_SESSION_DISABLED");
        Assert.Empty(await closed.Get<AccountStore>().List(TestApp.Cancel));
    }

    private Task<JsonElement> StartAsync(string label, HttpStatusCode expected = HttpStatusCode.Created) =>
        app.Gateway().SendAsync(HttpMethod.Post, Sessions, new { accountLabel = label }, expected);
}
