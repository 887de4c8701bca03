using System.Net;
using System.Text.Json;

namespace RealtimeWa;

public sealed class SessionApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private static int phones;

    private readonly TestApp app = shared.App;

    [Fact]
    public async Task A_session_is_shown_as_the_contract_has_it()
    {
        var account = await app.Worker.AddConnectedAsync("40711000001", "Front desk");

        var session = await app.Program().ReadAsync($"api/session-manager/sessions/{account.InstanceId}");

        Assert.Equal(
            [
                "instance_id", "account_label", "phone_number", "status", "qr_status", "qr_string", "qr_expires_at", "reason_code", "operator_action",
                "last_error_message", "last_connected_at", "last_message_at", "updated_at",
            ],
            session.EnumerateObject().Select(member => member.Name));
        Assert.Equal(account.InstanceId, session.GetProperty("instance_id").GetString());
        Assert.Equal("Front desk", session.GetProperty("account_label").GetString());
        Assert.Equal("+40711000001", session.GetProperty("phone_number").GetString());
        Assert.Equal("connected", session.GetProperty("status").GetString());
        Assert.Equal("none", session.GetProperty("qr_status").GetString());
        Assert.Equal("proven", session.GetProperty("reason_code").GetString());
    }

    [Theory]
    [InlineData(SessionStatus.Init, "init")]
    [InlineData(SessionStatus.QrRequired, "qr_required")]
    [InlineData(SessionStatus.Connecting, "connecting")]
    [InlineData(SessionStatus.Connected, "connected")]
    [InlineData(SessionStatus.Disconnected, "disconnected")]
    [InlineData(SessionStatus.Error, "error")]
    public async Task Each_status_has_its_frozen_name_on_the_wire(SessionStatus status, string name)
    {
        var account = await app.Worker.AddAsync();
        await app.Worker.BecomeAsync(account.Id, status, ReasonCode.None);

        var employee = await shared.As(OperatorRole.Employee);

        Assert.Equal(name, (await app.Program().ReadAsync($"api/session-manager/sessions/{account.InstanceId}")).GetProperty("status").GetString());
        Assert.Equal(name, (await employee.Http.ReadAsync($"api/whatsapp/{account.Id}/status")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_code_is_a_secret_of_whoever_may_pair()
    {
        var account = await app.Worker.AddAsync();
        await app.Worker.ShowQrAsync(account.Id, "the-code");
        var path = $"api/session-manager/sessions/{account.InstanceId}";

        Assert.Equal("the-code", (await app.Program().ReadAsync(path)).GetProperty("qr_string").GetString());
        Assert.Equal("the-code", (await (await shared.As(OperatorRole.Manager)).Http.ReadAsync(path)).GetProperty("qr_string").GetString());
        var employee = (await shared.As(OperatorRole.Employee)).Http;
        Assert.Equal(JsonValueKind.Null, (await employee.ReadAsync(path)).GetProperty("qr_string").ValueKind);
        (await employee.ReadAsync($"api/whatsapp/{account.Id}/qr", HttpStatusCode.Forbidden)).IsProblem("FORBIDDEN");
    }

    [Fact]
    public async Task Asking_for_a_code_twice_gives_the_same_one()
    {
        var account = await app.Worker.AddAsync();
        await app.Worker.ShowQrAsync(account.Id, "code-1");
        var path = $"api/session-manager/sessions/{account.InstanceId}/qr";

        var first = await app.Program().SendAsync(HttpMethod.Post, path, body: null, HttpStatusCode.OK);
        var second = await app.Program().SendAsync(HttpMethod.Post, path, body: null, HttpStatusCode.OK);

        Assert.Equal("code-1", first.GetProperty("qr_string").GetString());
        Assert.Equal(first.GetRawText(), second.GetRawText());
        Assert.Empty(await app.Get<CommandStore>().Open(account.Id, TestApp.Cancel));
    }

    [Fact]
    public async Task A_new_code_is_asked_of_the_worker_once_and_waited_for()
    {
        await using var patient = await TestApp.StartAsync("--Api:QrWait=00:01:00");
        var account = await patient.Worker.AddAsync();
        var path = $"api/session-manager/sessions/{account.InstanceId}/qr";

        var asked = Enumerable.Range(0, 3).Select(_ => patient.Program().SendAsync(HttpMethod.Post, path, body: null, HttpStatusCode.OK)).ToList();
        await Processes.Eventually.Async(
            () => patient.Get<CommandStore>().Open(account.Id, TestApp.Cancel), open => open.Count > 0, "the worker is asked", TestApp.Cancel);
        var command = Assert.Single(await patient.Get<CommandStore>().Open(account.Id, TestApp.Cancel));
        Assert.Equal(CommandKind.Pair, command.Kind);
        await patient.Worker.ShowQrAsync(account.Id, "fresh");

        Assert.All(await Task.WhenAll(asked), answer => Assert.Equal("fresh", answer.GetProperty("qr_string").GetString()));
        Assert.Single(await patient.Get<CommandStore>().Open(account.Id, TestApp.Cancel));
    }

    [Fact]
    public async Task No_code_in_time_is_said_and_a_connected_session_gets_none()
    {
        var idle = await app.Worker.AddAsync();
        (await app.Program().SendAsync(HttpMethod.Post, $"api/session-manager/sessions/{idle.InstanceId}/qr", body: null, HttpStatusCode.InternalServerError))
            .IsProblem("QR_GENERATION_FAILED");

        var connected = await app.Worker.AddConnectedAsync("40711000002");
        (await app.Program().SendAsync(HttpMethod.Post, $"api/session-manager/sessions/{connected.InstanceId}/qr", body: null, HttpStatusCode.Conflict))
            .IsProblem("SESSION_ALREADY_CONNECTED");
        var manager = (await shared.As(OperatorRole.Manager)).Http;
        (await manager.ReadAsync($"api/whatsapp/{connected.Id}/qr", HttpStatusCode.Conflict)).IsProblem("SESSION_ALREADY_CONNECTED");
    }

    [Fact]
    public async Task The_page_of_a_client_gets_one_answer_for_each_status()
    {
        var manager = (await shared.As(OperatorRole.Manager)).Http;
        var account = await app.Worker.AddAsync();
        var path = $"api/whatsapp/{account.Id}/qr";

        await app.Worker.ShowQrAsync(account.Id, "scan-me");
        var shown = await manager.ReadAsync(path);
        Assert.True(shown.GetProperty("ok").GetBoolean());
        Assert.Equal("scan-me", shown.GetProperty("qr_string").GetString());
        Assert.EndsWith("Z", shown.GetProperty("qr_expires_at").GetString(), StringComparison.Ordinal);

        await app.Worker.BecomeAsync(account.Id, SessionStatus.Connecting, ReasonCode.Linking);
        Assert.Equal("""{"ok":true,"status":"connecting"}""", (await manager.ReadAsync(path)).GetRawText());

        await app.Worker.BecomeAsync(account.Id, SessionStatus.Error, ReasonCode.Forbidden, "WhatsApp refuses this number.");
        var error = await manager.ReadAsync(path, HttpStatusCode.InternalServerError);
        error.IsProblem("SESSION_ERROR");
        Assert.Equal("WhatsApp refuses this number.", error.GetProperty("last_error_message").GetString());
    }

    [Fact]
    public async Task Reconnecting_is_a_command_to_the_worker()
    {
        var account = await app.Worker.AddConnectedAsync("40711000003");
        await app.Worker.BecomeAsync(account.Id, SessionStatus.Disconnected, ReasonCode.ConnectionLost);

        var said = await app.Program().SendAsync(HttpMethod.Post, $"sessions/{account.InstanceId}/reconnect", body: null, HttpStatusCode.OK);

        Assert.True(said.GetProperty("success").GetBoolean());
        Assert.NotEqual("", said.GetProperty("message").GetString());
        Assert.Equal(CommandKind.Reconnect, Assert.Single(await app.Get<CommandStore>().Open(account.Id, TestApp.Cancel)).Kind);

        var never = await app.Worker.AddAsync();
        (await app.Program().SendAsync(HttpMethod.Post, $"sessions/{never.InstanceId}/reconnect", body: null, HttpStatusCode.Conflict))
            .IsProblem("SESSION_NOT_LINKED");
        var employee = (await shared.As(OperatorRole.Employee)).Http;
        (await employee.SendAsync(HttpMethod.Post, $"sessions/{account.InstanceId}/reconnect", body: null, HttpStatusCode.Forbidden)).IsProblem("FORBIDDEN");
    }

    [Theory]
    [InlineData("GET", "api/session-manager/sessions/nobody")]
    [InlineData("POST", "api/session-manager/sessions/nobody/qr")]
    [InlineData("POST", "api/session-manager/sessions/nobody/messages")]
    [InlineData("POST", "sessions/nobody/reconnect")]
    [InlineData("GET", "api/session-manager/sessions/system")]
    public async Task A_session_that_is_not_there_is_not_found(string method, string path) =>
        (await app.Program().SendAsync(new HttpMethod(method), path, body: null, HttpStatusCode.NotFound)).IsProblem("SESSION_NOT_FOUND");

    [Theory]
    [InlineData("GET", "api/session-manager/sessions/{0}")]
    [InlineData("POST", "api/session-manager/sessions/{0}/qr")]
    [InlineData("POST", "api/session-manager/sessions/{0}/messages")]
    [InlineData("POST", "sessions/{0}/reconnect")]
    [InlineData("GET", "health/deep")]
    [InlineData("GET", "api/whatsapp/{0}/status")]
    [InlineData("GET", "api/whatsapp/{0}/qr")]
    [InlineData("POST", "api/accounts/cleanup-duplicates")]
    [InlineData("GET", "api/nothing/here")]
    public async Task A_wrong_key_is_no_key_also_beside_a_good_cookie(string method, string path)
    {
        var account = await app.Worker.AddConnectedAsync($"4071200{Interlocked.Increment(ref phones):0000}");
        var here = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, account.InstanceId);
        (await app.Program("wrong").SendAsync(new HttpMethod(method), here, body: null, HttpStatusCode.Unauthorized)).IsProblem("UNAUTHENTICATED");

        var admin = await shared.As(OperatorRole.Admin);
        (await admin.Http.SendAsync(new HttpMethod(method), here, body: null, HttpStatusCode.Unauthorized, ("x-api-key", "wrong"))).IsProblem("UNAUTHENTICATED");
    }

    [Fact]
    public async Task Mistakes_in_the_address_are_problem_documents_too()
    {
        (await app.Program().ReadAsync("api/nothing/here", HttpStatusCode.NotFound)).IsProblem("NOT_FOUND");
        (await app.Program().SendAsync(HttpMethod.Put, "sessions/x/reconnect", body: null, HttpStatusCode.MethodNotAllowed)).IsProblem("METHOD_NOT_ALLOWED");
        (await app.Anybody().ReadAsync("api/nothing/here", HttpStatusCode.Unauthorized)).IsProblem("UNAUTHENTICATED");

        // A key opens the API, and no page.
        using var page = await app.Program().GetAsync(new Uri("whatsapp/chat", UriKind.Relative), TestApp.Cancel);
        Assert.NotEqual(HttpStatusCode.OK, page.StatusCode);
    }
}
