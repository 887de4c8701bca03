using System.Net;
using System.Text.Json;

namespace RealtimeWa;

public sealed class HealthTests
{
    [Fact]
    public async Task It_is_ok_when_every_session_is_connected_and_degraded_when_one_is_not()
    {
        await using var app = await TestApp.StartAsync();
        var one = await app.Worker.AddConnectedAsync("40737571397");
        var two = await app.Worker.AddConnectedAsync("40737571398");
        var anybody = app.Anybody();

        var healthy = await anybody.ReadAsync("health");
        Assert.Equal("ok", healthy.GetProperty("status").GetString());
        Assert.Equal("""{"total":2,"connected":2,"connecting":0,"disconnected":0}""", healthy.GetProperty("sessions").GetRawText());
        Assert.Equal(["status", "timestamp", "uptime", "sessions"], healthy.EnumerateObject().Select(member => member.Name));
        Assert.EndsWith("Z", healthy.GetProperty("timestamp").GetString(), StringComparison.Ordinal);

        await app.Worker.BecomeAsync(two.Id, SessionStatus.Disconnected, ReasonCode.ConnectionLost);
        var degraded = await anybody.ReadAsync("health");
        Assert.Equal("degraded", degraded.GetProperty("status").GetString());
        Assert.Equal("""{"total":2,"connected":1,"connecting":0,"disconnected":1}""", degraded.GetProperty("sessions").GetRawText());

        // Whom a person stopped nobody expects.
        await app.Get<CommandStore>().Add(two.Id, CommandKind.Stop, argument: null, isActive: false, TestApp.Cancel);
        Assert.Equal("ok", (await anybody.ReadAsync("health")).GetProperty("status").GetString());

        // What a dead worker wrote last is not believed.
        await app.Worker.LetGoAsync(one.Id);
        Assert.Equal("degraded", (await anybody.ReadAsync("health")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_deep_one_shows_numbers_to_a_key_and_masks_them_for_a_person()
    {
        await using var app = await TestApp.StartAsync();
        var account = await app.Worker.AddConnectedAsync("40737571397");
        var waiting = await app.Worker.AddAsync("New");

        var deep = await app.Program().ReadAsync("health/deep");
        Assert.Equal("degraded", deep.GetProperty("status").GetString());
        Assert.Equal("separate", deep.GetProperty("mode").GetString());
        Assert.True(deep.GetProperty("database").GetProperty("connected").GetBoolean());
        Assert.True(deep.GetProperty("database").GetProperty("latencyMs").GetDouble() > 0);
        var session = Session(deep, account.InstanceId);
        Assert.Equal("+40737571397", session.GetProperty("phoneNumber").GetString());
        Assert.Equal("connected", session.GetProperty("connectionStatus").GetString());
        Assert.True(session.GetProperty("socketAlive").GetBoolean());
        Assert.Equal("w1", session.GetProperty("lock").GetProperty("owner").GetString());
        Assert.Equal("qr_pending", Session(deep, waiting.InstanceId).GetProperty("connectionStatus").GetString());

        var employee = await app.SignInAsync(OperatorRole.Employee);
        Assert.Equal("+40 **** 1397", Session(await employee.Http.ReadAsync("health/deep"), account.InstanceId).GetProperty("phoneNumber").GetString());

        (await app.Anybody().ReadAsync("health/deep", HttpStatusCode.Unauthorized)).IsProblem("UNAUTHENTICATED");
        (await app.Program("not-one-of-the-keys-0123456789").ReadAsync("health/deep", HttpStatusCode.Unauthorized)).IsProblem("UNAUTHENTICATED");
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_an_error_and_still_an_answer()
    {
        await using var app = await TestApp.StartAsync();
        var admin = await app.SignInAsync(OperatorRole.Admin);
        await app.DamageDatabaseAsync();

        Assert.Equal("error", (await app.Anybody().ReadAsync("health", HttpStatusCode.ServiceUnavailable)).GetProperty("status").GetString());
        Assert.Equal("error", (await admin.Http.ReadAsync("health", HttpStatusCode.ServiceUnavailable)).GetProperty("status").GetString());
        var deep = await app.Program().ReadAsync("health/deep", HttpStatusCode.ServiceUnavailable);
        Assert.Equal("error", deep.GetProperty("status").GetString());
        Assert.False(deep.GetProperty("database").GetProperty("connected").GetBoolean());
        (await app.Program().ReadAsync("api/session-manager/sessions/sender_1", HttpStatusCode.ServiceUnavailable)).IsProblem("STORAGE_REFUSED");
        (await admin.Http.ReadAsync("api/session-manager/sessions/sender_1", HttpStatusCode.ServiceUnavailable)).IsProblem("STORAGE_REFUSED");
    }

    private static JsonElement Session(JsonElement deep, string id) =>
        deep.GetProperty("sessions").EnumerateArray().Single(session => session.GetProperty("sessionId").ValueEquals(id));
}
