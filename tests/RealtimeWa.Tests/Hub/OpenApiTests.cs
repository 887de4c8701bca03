namespace RealtimeWa;

public sealed class OpenApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp app = shared.App;

    /// <summary>Every route of the design, with the answers that a caller must expect.</summary>
    [Theory]
    [InlineData("get", "/health", "200,429,503")]
    [InlineData("get", "/health/deep", "200,401,403,429,503")]
    [InlineData("post", "/sessions/{sessionId}/reconnect", "200,401,403,404,409,413,429,503")]
    [InlineData("get", "/api/session-manager/sessions/{instance_id}", "200,401,403,404,429,503")]
    [InlineData("post", "/api/session-manager/sessions/{instance_id}/qr", "200,401,403,404,409,413,429,500,503")]
    [InlineData("post", "/api/session-manager/sessions/{instance_id}/messages", "202,400,401,403,404,409,413,415,422,429,503")]
    [InlineData("get", "/api/whatsapp/{clienteId}/status", "200,401,403,404,429,503")]
    [InlineData("get", "/api/whatsapp/{clienteId}/qr", "200,401,403,404,409,429,500,503")]
    [InlineData("post", "/api/accounts/cleanup-duplicates", "200,401,403,413,429,503")]
    [InlineData("post", "/api/channel-admin/v1/whatsapp/personal/sessions", "201,400,401,403,409,413,415,429,503")]
    [InlineData("get", "/api/channel-admin/v1/whatsapp/personal/sessions/{id}/qr", "200,401,404,409,410,429,503")]
    [InlineData("get", "/api/channel-admin/v1/whatsapp/personal/sessions/{id}/status", "200,401,404,429,503")]
    [InlineData("delete", "/api/channel-admin/v1/whatsapp/personal/sessions/{id}", "204,401,404,429,503")]
    public async Task The_document_has_every_route_with_its_answers(string method, string path, string statuses)
    {
        var document = await app.Anybody().ReadAsync("openapi/v1.json");

        Assert.True(document.GetProperty("paths").TryGetProperty(path, out var route), $"{path} is not in the document.");
        var answers = route.GetProperty(method).GetProperty("responses").EnumerateObject().Select(answer => answer.Name).Order(StringComparer.Ordinal);
        Assert.Equal(statuses, string.Join(',', answers));
    }

    [Fact]
    public async Task The_document_has_nothing_else_and_names_every_member_as_it_is_on_the_wire()
    {
        var document = await app.Anybody().ReadAsync("openapi/v1.json");

        Assert.StartsWith("3.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Equal(13, document.GetProperty("paths").EnumerateObject().Sum(path => path.Value.EnumerateObject().Count(member => member.Value.TryGetProperty("responses", out _))));
        var session = document.GetProperty("components").GetProperty("schemas").GetProperty("ContractSession").GetProperty("properties");
        Assert.True(session.TryGetProperty("last_error_message", out _));
        var body = document.GetProperty("paths").GetProperty("/api/session-manager/sessions/{instance_id}/messages").GetProperty("post").GetProperty("requestBody");
        Assert.True(body.GetProperty("required").GetBoolean());
        Assert.True(body.GetProperty("content").TryGetProperty("application/json", out _));
        Assert.Contains("Idempotency-Key", document.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("get", "/health", "")]
    [InlineData("get", "/health/deep", "key,cookie")]
    [InlineData("post", "/api/session-manager/sessions/{instance_id}/messages", "key,cookie")]
    [InlineData("post", "/api/accounts/cleanup-duplicates", "cookie")]
    [InlineData("delete", "/api/channel-admin/v1/whatsapp/personal/sessions/{id}", "token")]
    public async Task The_document_says_what_to_show(string method, string path, string schemes)
    {
        var document = await app.Anybody().ReadAsync("openapi/v1.json");

        var route = document.GetProperty("paths").GetProperty(path).GetProperty(method);
        var shown = route.TryGetProperty("security", out var security)
            ? security.EnumerateArray().SelectMany(requirement => requirement.EnumerateObject().Select(scheme => scheme.Name))
            : [];
        Assert.Equal(schemes, string.Join(',', shown));
        Assert.All(shown, scheme => Assert.True(document.GetProperty("components").GetProperty("securitySchemes").TryGetProperty(scheme, out _)));
    }
}
