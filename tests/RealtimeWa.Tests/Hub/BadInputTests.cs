using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace RealtimeWa;

public sealed class BadInputTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private static int phones;

    private readonly TestApp app = shared.App;

    private static CancellationToken Cancel => TestApp.Cancel;

    [Theory]
    [InlineData("<script>alert(1)</script><img src=x onerror=alert(1)>")]
    [InlineData("\u202Egnp.exe\u202C and \u2066isolated\u2069")]
    [InlineData("zero\u200Bwidth\u200D\uFEFF")]
    [InlineData("👩‍👩‍👧‍👦🏳️‍🌈")]
    [InlineData("a\0b\u0001\u001f\u007f")]
    [InlineData("'; DROP TABLE messages; --")]
    [InlineData("\uD800 half of a pair")]
    public async Task A_text_stays_a_text_character_for_character(string text)
    {
        var account = await app.Worker.AddConnectedAsync($"407181{Interlocked.Increment(ref phones):00000}");
        var thread = await app.Worker.HearsAsync(account.Id, "hello");
        await using var hub = await (await shared.As(OperatorRole.Employee)).ConnectAsync();

        var sent = await hub.CallAsync<SendResult>("Send", Cancel, new SendRequest(thread.Id, Guid.NewGuid().ToString("N"), text));

        // What is no Unicode at all becomes the sign for that; everything else comes back as it was.
        var kept = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        Assert.Null(sent.Sentence);
        Assert.Equal(kept, sent.Message!.Text);
        var page = await hub.CallAsync<MessagePage>("Messages", Cancel, thread.Id, null);
        Assert.Equal(kept, page.Messages[^1].Text);
    }

    [Fact]
    public async Task A_page_never_holds_a_customers_text_as_markup()
    {
        var account = await app.Worker.AddConnectedAsync("40718000001");
        await app.Worker.HearsAsync(account.Id, "</script><script>alert('gotcha')</script>");
        var employee = await shared.As(OperatorRole.Employee);

        using var page = await employee.Http.GetAsync(new Uri("whatsapp/chat", UriKind.Relative), Cancel);
        var html = await page.Content.ReadAsStringAsync(Cancel);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("gotcha", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sixty_thousand_characters_are_one_message_and_more_than_WhatsApp_takes_are_refused_with_a_sentence()
    {
        var account = await app.Worker.AddConnectedAsync("40718000002");
        var thread = await app.Worker.HearsAsync(account.Id, "hello");
        await using var hub = await (await shared.As(OperatorRole.Employee)).ConnectAsync();

        foreach (var text in new[] { new string('x', 60_000), new string('\u0001', OutboxStore.LongestText) })
        {
            var sent = await hub.CallAsync<SendResult>("Send", Cancel, new SendRequest(thread.Id, Guid.NewGuid().ToString("N"), text));
            Assert.Equal(text.Length, sent.Message!.Text!.Length);
        }

        var refused = await hub.CallAsync<SendResult>("Send", Cancel, new SendRequest(thread.Id, "long", new string('x', OutboxStore.LongestText + 1)));
        Assert.Equal(SendRefusal.TooLong, refused.Refusal);
        Assert.Contains("Send it in parts", refused.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_31st_account_is_refused_with_a_sentence()
    {
        await using var full = await TestApp.StartAsync();
        await using var hub = await (await full.SignInAsync(OperatorRole.Admin)).ConnectAsync();
        for (var number = 1; number <= 30; number++)
        {
            Assert.NotNull((await hub.CallAsync<AccountResult>("AddAccount", Cancel, $"Number {number}")).Account);
        }

        var refused = await hub.CallAsync<AccountResult>("AddAccount", Cancel, "One too many");

        Assert.Null(refused.Account);
        Assert.Equal(AccountRefusal.TooMany, refused.Refusal);
        Assert.Contains("There are 30 accounts already", refused.Sentence, StringComparison.Ordinal);
        (await full.Gateway().SendAsync(
            HttpMethod.Post, "api/channel-admin/v1/whatsapp/personal/sessions", new { accountLabel = "One too many" }, HttpStatusCode.Conflict))
            .IsProblem("TOO_MANY_ACCOUNTS");
    }

    [Fact]
    public async Task A_wrong_password_gets_a_slow_plain_answer_and_the_fifth_locks()
    {
        var somebody = await app.SignInAsync(OperatorRole.Employee);
        var stranger = new Somebody(app, "nobody@example.org");
        var again = new Somebody(app, somebody.Email);

        for (var attempt = 0; attempt < 5; attempt++)
        {
            await IsRefusedSlowlyAsync(again, "wrong password 123");
        }

        // Now the right one is refused too, with the same words as for somebody who was never here.
        var locked = await IsRefusedSlowlyAsync(again, TestApp.Password);
        var unknown = await IsRefusedSlowlyAsync(stranger, TestApp.Password);
        Assert.Equal(unknown, locked);

        // Whoever is in stays in.
        await somebody.Http.ReadAsync("health/deep");
    }

    /// <summary>Gives the sentence that was shown.</summary>
    private static async Task<string> IsRefusedSlowlyAsync(Somebody somebody, string password)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await somebody.SignInAsync(password);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(Stopwatch.GetElapsedTime(started) >= SignIn.RefusalTakes - TimeSpan.FromMilliseconds(50));
        var html = await answer.Content.ReadAsStringAsync(Cancel);
        var at = html.IndexOf("role=\"alert\"", StringComparison.Ordinal);
        Assert.True(at > 0, html);
        at = html.IndexOf("<p>", at, StringComparison.Ordinal);
        return html[at..html.IndexOf("</p>", at, StringComparison.Ordinal)];
    }

    [Fact]
    public async Task A_browser_that_reads_nothing_holds_nobody()
    {
        await using var busy = await TestApp.StartAsync();
        var account = await busy.Worker.AddConnectedAsync("40718000003");
        var slow = await busy.SignInAsync(OperatorRole.Employee);
        using var deaf = await DeafAsync(busy, slow);
        await using var screen = await (await busy.SignInAsync(OperatorRole.Employee)).OpenAsync();
        var text = new string('x', 30_000);

        // Many times what buffers on the way can hold.
        for (var count = 0; count < 400; count++)
        {
            await busy.Worker.HearsAsync(account.Id, text);
        }

        await busy.Worker.HearsAsync(account.Id, "after the flood");
        await Processes.Eventually.Async(
            () => Task.FromResult(screen.Picture()), picture => picture.Contains("after the flood", StringComparison.Ordinal), "the other browser has it", Cancel);
    }

    /// <summary>A browser that has said hello and then never takes a byte.</summary>
    private static async Task<ClientWebSocket> DeafAsync(TestApp app, Somebody somebody)
    {
        var socket = new ClientWebSocket();
        socket.Options.Cookies = somebody.Cookies;
        await socket.ConnectAsync(new UriBuilder(app.Url) { Scheme = "ws", Path = "/hubs/operator" }.Uri, Cancel);
        await socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, endOfMessage: true, Cancel);
        return socket;
    }
}
