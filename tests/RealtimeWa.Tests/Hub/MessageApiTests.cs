using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace RealtimeWa;

public sealed class MessageApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    // A refusal ends the connection: whoever still writes a body then may see that instead of the answer.
    private static readonly (string, string) AsksFirst = ("Expect", "100-continue");

    private static int phones;

    private readonly TestApp app = shared.App;

    [Fact]
    public async Task A_message_is_queued_once_however_often_it_is_asked_with_the_same_key()
    {
        var account = await ConnectedAsync();

        var first = await SendAsync(account, "key-1", "+40 700 000 001", "hello");
        var second = await SendAsync(account, "key-1", "40700000001", "hello");

        Assert.Equal(first.GetRawText(), second.GetRawText());
        Assert.Equal("queued", first.GetProperty("status").GetString());
        var thread = Assert.Single(await ThreadsAsync(account));
        Assert.Equal("40700000001", thread.Phone);
        var message = Assert.Single((await app.Get<MessageStore>().Page(thread.Id, before: null, 10, TestApp.Cancel))!.Messages);
        Assert.Equal(("hello", "key-1", null), (message.Text, message.ClientToken, message.Operator));
        Assert.Equal(message.WaId, first.GetProperty("wa_id").GetString());
    }

    [Fact]
    public async Task The_same_key_at_the_same_moment_is_one_message()
    {
        var account = await ConnectedAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(account, "at-once", "40700000001", "hello")));

        Assert.Single(answers.Select(answer => answer.GetRawText()).Distinct(StringComparer.Ordinal));
        var thread = Assert.Single(await ThreadsAsync(account));
        Assert.Single((await app.Get<MessageStore>().Page(thread.Id, before: null, 10, TestApp.Cancel))!.Messages);
    }

    [Fact]
    public async Task A_key_of_another_message_is_refused()
    {
        var account = await ConnectedAsync();
        await SendAsync(account, "key-1", "40700000001", "hello");

        (await SendAsync(account, "key-1", "40700000001", "something else", HttpStatusCode.UnprocessableEntity)).IsProblem("IDEMPOTENCY_KEY_REUSED");
        (await SendAsync(account, "key-1", "40700000002", "hello", HttpStatusCode.UnprocessableEntity)).IsProblem("IDEMPOTENCY_KEY_REUSED");
        Assert.Single(await ThreadsAsync(account));
    }

    [Fact]
    public async Task A_key_that_was_used_is_answered_also_when_the_session_has_gone()
    {
        var account = await ConnectedAsync();
        var first = await SendAsync(account, "key-1", "40700000001", "hello");
        await app.Worker.BecomeAsync(account.Id, SessionStatus.Disconnected, ReasonCode.ConnectionLost);

        Assert.Equal(first.GetRawText(), (await SendAsync(account, "key-1", "40700000001", "hello")).GetRawText());
    }

    [Theory]
    [InlineData(SessionStatus.Init, "en-GB,en;q=0.9", "Scan the QR code")]
    [InlineData(SessionStatus.Init, "es-MX", "Escanea el código QR")]
    [InlineData(SessionStatus.Init, "ro", "Scanează codul QR")]
    [InlineData(SessionStatus.QrRequired, "en", "waits for its QR code")]
    [InlineData(SessionStatus.QrRequired, "es", "espera que se escanee")]
    [InlineData(SessionStatus.QrRequired, "ro-RO,en;q=0.1", "așteaptă scanarea")]
    [InlineData(SessionStatus.Connecting, "fr,en;q=0.5", "is connecting")]
    [InlineData(SessionStatus.Connecting, "de;q=1, es;q=0.7, en;q=0.2", "se está conectando")]
    [InlineData(SessionStatus.Connecting, "ro", "se conectează")]
    [InlineData(SessionStatus.Disconnected, "xx", "WhatsApp is disconnected")]
    [InlineData(SessionStatus.Disconnected, "es", "WhatsApp está desconectado")]
    [InlineData(SessionStatus.Disconnected, "en;q=0, ro;q=0.1", "WhatsApp este deconectat")]
    [InlineData(SessionStatus.Error, "en", "needs attention, so nothing was sent. The phone said no.")]
    [InlineData(SessionStatus.Error, "es", "necesita atención, así que no se ha enviado nada. The phone said no.")]
    [InlineData(SessionStatus.Error, "ro", "are nevoie de atenție, așa că nu s-a trimis nimic. The phone said no.")]
    public async Task Each_status_but_connected_refuses_with_its_sentence_in_the_language_of_the_caller(SessionStatus status, string wanted, string sentence)
    {
        var account = await app.Worker.AddAsync();
        await app.Worker.BecomeAsync(account.Id, status, ReasonCode.Unknown, "The phone said no.");

        var refused = await SendAsync(account, "key", "40700000001", "hello", HttpStatusCode.Conflict, ("Accept-Language", wanted));

        refused.IsProblem("SESSION_NOT_READY");
        Assert.Contains(sentence, refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(SnakeCase.ToName(status), refused.GetProperty("session_status").GetString());
        Assert.Empty(await ThreadsAsync(account));
    }

    [Theory]
    [InlineData(null, "hello", "key", "INVALID_NUMBER")]
    [InlineData("", "hello", "key", "INVALID_NUMBER")]
    [InlineData("12", "hello", "key", "INVALID_NUMBER")]
    [InlineData("40700000001@g.us", "hello", "key", "INVALID_NUMBER")]
    [InlineData("0123456789012345678901", "hello", "key", "INVALID_NUMBER")]
    [InlineData("40700000001", null, "key", "EMPTY_MESSAGE")]
    [InlineData("40700000001", "  ", "key", "EMPTY_MESSAGE")]
    [InlineData("40700000001", "hello", null, "IDEMPOTENCY_KEY_NEEDED")]
    public async Task What_can_not_be_sent_is_refused_with_its_code(string? to, string? message, string? key, string code)
    {
        var account = await ConnectedAsync();

        var refused = await app.Program().SendAsync(
            HttpMethod.Post, Path(account), new { to, message }, HttpStatusCode.BadRequest, key is null ? [] : [("Idempotency-Key", key)]);

        refused.IsProblem(code);
    }

    [Fact]
    public async Task Sixty_thousand_characters_are_sent_and_more_than_WhatsApp_takes_are_refused()
    {
        var account = await ConnectedAsync();

        await SendAsync(account, "long", "40700000001", new string('ș', 60_000));

        (await SendAsync(account, "longer", "40700000001", new string('x', 65_537), HttpStatusCode.UnprocessableEntity)).IsProblem("MESSAGE_TOO_LONG");
        (await SendAsync(account, "longest", "40700000001", new string('x', JsonBody.Largest), HttpStatusCode.RequestEntityTooLarge, AsksFirst)).IsProblem("BODY_TOO_LARGE");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json; charset=no-such")]
    [InlineData("not a type at all")]
    public async Task A_forged_or_missing_content_type_is_refused(string? type)
    {
        var account = await ConnectedAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Path(account)) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"to":"40700000001","message":"hello"}""")) };
        request.Headers.Add("Idempotency-Key", "key");
        if (type is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var answer = await app.Program().SendAsync(request, TestApp.Cancel);

        (await Answers.Body(answer, HttpStatusCode.UnsupportedMediaType)).IsProblem("UNSUPPORTED_MEDIA_TYPE");
        Assert.Empty(await ThreadsAsync(account));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("""{"to":7}""")]
    public async Task A_body_that_is_no_such_JSON_is_refused(string body)
    {
        var account = await ConnectedAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Path(account)) { Content = new StringContent(body, new MediaTypeHeaderValue("application/json")) };
        request.Headers.Add("Idempotency-Key", "key");

        using var answer = await app.Program().SendAsync(request, TestApp.Cancel);

        (await Answers.Body(answer, HttpStatusCode.BadRequest)).IsProblem("INVALID_JSON");
    }

    [Fact]
    public async Task A_large_body_is_refused_also_in_pieces_and_where_none_is_read()
    {
        var account = await ConnectedAsync();
        using var piecewise = new HttpRequestMessage(HttpMethod.Post, Path(account))
        {
            // Nobody is asked first here: the answer comes with the last bytes.
            Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"to":"40700000001","message":"{{new string('x', JsonBody.Largest)}}"}"""))),
        };
        piecewise.Headers.TransferEncodingChunked = true;
        piecewise.Headers.Add("Idempotency-Key", "key");
        piecewise.Content.Headers.ContentType = new("application/json");
        using var answer = await app.Program().SendAsync(piecewise, TestApp.Cancel);
        (await Answers.Body(answer, HttpStatusCode.RequestEntityTooLarge)).IsProblem("BODY_TOO_LARGE");

        using var unread = new HttpRequestMessage(HttpMethod.Post, $"sessions/{account.InstanceId}/reconnect") { Content = new ByteArrayContent(new byte[JsonBody.Largest + 1]) };
        unread.Headers.ExpectContinue = true;
        using var refused = await app.Program().SendAsync(unread, TestApp.Cancel);
        (await Answers.Body(refused, HttpStatusCode.RequestEntityTooLarge)).IsProblem("BODY_TOO_LARGE");
    }

    [Fact]
    public async Task An_operator_sends_under_the_own_name()
    {
        var account = await ConnectedAsync();
        var employee = await shared.As(OperatorRole.Employee);

        await employee.Http.SendAsync(
            HttpMethod.Post, Path(account), new { to = "40700000001", message = "hello" }, HttpStatusCode.Accepted, ("Idempotency-Key", "mine"));

        var thread = Assert.Single(await ThreadsAsync(account));
        Assert.Equal("employee", Assert.Single((await app.Get<MessageStore>().Page(thread.Id, before: null, 10, TestApp.Cancel))!.Messages).Operator);
    }

    private static string Path(AccountView account) => $"api/session-manager/sessions/{account.InstanceId}/messages";

    private Task<AccountView> ConnectedAsync() => app.Worker.AddConnectedAsync($"4072{Interlocked.Increment(ref phones):0000000}");

    private async Task<IReadOnlyList<ThreadView>> ThreadsAsync(AccountView account) =>
        [.. (await app.Get<ThreadStore>().Page(long.MaxValue, new(long.MaxValue), 1000, TestApp.Cancel)).Where(thread => thread.AccountId == account.Id)];

    private Task<JsonElement> SendAsync(
        AccountView account, string key, string to, string message, HttpStatusCode expected = HttpStatusCode.Accepted, params (string, string)[] headers) =>
        app.Program().SendAsync(HttpMethod.Post, Path(account), new { to, message }, expected, [("Idempotency-Key", key), .. headers]);
}
