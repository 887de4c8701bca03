using System.Net;
using System.Text.Json;
using RealtimeWa.Processes;

namespace RealtimeWa;

/// <summary>Who gets through which door, and how far.</summary>
public sealed class DoorTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private static readonly object Hello = new WorkerHello("test", WorkerProtocol.Version);

    private readonly TestApp app = shared.App;

    private static CancellationToken Cancel => TestApp.Cancel;

    /// <summary>Every method of the hub with the least role that it asks for; a new one has to be put here.</summary>
    public static TheoryData<string, OperatorRole> Methods => new()
    {
        { nameof(IOperatorHub.Snapshot), OperatorRole.Employee },
        { nameof(IOperatorHub.CatchUpAll), OperatorRole.Employee },
        { nameof(IOperatorHub.CatchUp), OperatorRole.Employee },
        { nameof(IOperatorHub.Threads), OperatorRole.Employee },
        { nameof(IOperatorHub.Thread), OperatorRole.Employee },
        { nameof(IOperatorHub.Messages), OperatorRole.Employee },
        { nameof(IOperatorHub.Send), OperatorRole.Employee },
        { nameof(IOperatorHub.MarkRead), OperatorRole.Employee },
        { nameof(IOperatorHub.Qr), OperatorRole.Manager },
        { nameof(IOperatorHub.History), OperatorRole.Manager },
        { nameof(IOperatorHub.Pair), OperatorRole.Manager },
        { nameof(IOperatorHub.PairByCode), OperatorRole.Manager },
        { nameof(IOperatorHub.Reconnect), OperatorRole.Manager },
        { nameof(IOperatorHub.Stop), OperatorRole.Manager },
        { nameof(IOperatorHub.AddAccount), OperatorRole.Admin },
        { nameof(IOperatorHub.Relabel), OperatorRole.Admin },
        { nameof(IOperatorHub.Delete), OperatorRole.Admin },
    };

    [Fact]
    public void Every_method_of_the_hub_is_in_the_matrix() => Assert.Equal(
        typeof(IOperatorHub).GetMethods().Select(method => method.Name).Order(StringComparer.Ordinal),
        Methods.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_method_is_for_its_role_and_those_above(string method, OperatorRole least)
    {
        foreach (var role in Enum.GetValues<OperatorRole>())
        {
            await using var hub = await (await shared.As(role)).ConnectAsync();
            var answer = await Record.ExceptionAsync(() => hub.CallAsync(method, Cancel, Arguments(method)));
            if (role >= least)
            {
                Assert.Null(answer);
            }
            else
            {
                Assert.Contains("unauthorized", Assert.IsType<InvalidOperationException>(answer).Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Without_a_cookie_the_hub_of_browsers_stays_shut_whatever_else_is_shown()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusalAsync("/hubs/operator"));
        Assert.NotNull(await RefusalAsync("/hubs/operator", ("x-api-key", TestApp.Key)));
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusalAsync("/hubs/operator", ("Authorization", $"Bearer {TestApp.WorkerToken}")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer forged")]
    [InlineData("Bearer ")]
    [InlineData("Bearer " + TestApp.GatewayToken)]
    [InlineData("Basic " + TestApp.WorkerToken)]
    public async Task A_forged_token_opens_nothing_to_a_worker(string? authorization) => Assert.Equal(
        HttpStatusCode.Unauthorized, await RefusalAsync("/hubs/worker", authorization is null ? [] : [("Authorization", authorization)]));

    [Fact]
    public async Task An_operators_cookie_opens_nothing_to_a_worker()
    {
        var admin = await shared.As(OperatorRole.Admin);

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() =>
            OperatorConnection.OpenAsync(app.Url, "/hubs/worker", options => options.Cookies = admin.Cookies, onTold: null, Cancel));

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task A_worker_says_hello_first()
    {
        List<string> told = [];
        await using var worker = await WorkerAsync(told);
        var account = await app.Worker.AddConnectedAsync("40717000001");
        var manager = await shared.As(OperatorRole.Manager);
        await using var hub = await manager.ConnectAsync();

        foreach (var (method, argument) in new (string, object)[]
        {
            (nameof(IWorkerHub.Rang), new List<Doorbell> { new(account.Id, 1) }), (nameof(IWorkerHub.Typing), new TypingView(account.Id, new(1), IsComposing: true)),
        })
        {
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => worker.CallAsync(method, Cancel, argument));
            Assert.Contains("Say Hello first", refused.Message, StringComparison.Ordinal);
        }

        var sentence = await worker.CallAsync<string?>(nameof(IWorkerHub.Hello), Cancel, new WorkerHello("test", WorkerProtocol.Version + 1));
        Assert.Contains("Install the same version of both", sentence, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => worker.CallAsync(nameof(IWorkerHub.Rang), Cancel, new List<Doorbell>()));
        await hub.CallAsync(nameof(IOperatorHub.Reconnect), Cancel, account.Id);

        Assert.Equal(JsonValueKind.Null, (await worker.CallAsync(nameof(IWorkerHub.Hello), Cancel, Hello)).ValueKind);
        await worker.CallAsync(nameof(IWorkerHub.Rang), Cancel, new List<Doorbell>());
        await hub.CallAsync(nameof(IOperatorHub.Reconnect), Cancel, account.Id);
        await Eventually.Async(() => Task.FromResult(Count(told)), count => count > 0, "the worker is told", Cancel);

        // Only what came after the welcome.
        Assert.Equal(1, Count(told));
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("http://localhost:1")]
    [InlineData("null")]
    [InlineData("not an origin")]
    public async Task A_page_of_another_site_gets_nothing_from_hub_forms_and_routes(string origin)
    {
        var admin = await shared.As(OperatorRole.Admin);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => OperatorConnection.OpenAsync(
            app.Url,
            "/hubs/operator",
            options =>
            {
                options.Cookies = admin.Cookies;
                options.SetRequestHeader("Origin", origin);
            },
            onTold: null,
            Cancel));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        foreach (var path in new[] { "logout", "login", "accounts/add", "sessions/x/reconnect", "api/accounts/cleanup-duplicates" })
        {
            (await admin.Http.SendAsync(HttpMethod.Post, path, body: null, HttpStatusCode.Forbidden, ("Origin", origin))).IsProblem("FOREIGN_ORIGIN");
        }

        // The same from here is welcome.
        await admin.Http.SendAsync(
            HttpMethod.Post, "api/accounts/cleanup-duplicates", body: null, HttpStatusCode.OK, ("Origin", app.Url.GetLeftPart(UriPartial.Authority)));
    }

    [Fact]
    public async Task A_form_without_its_token_does_nothing()
    {
        var admin = await shared.As(OperatorRole.Admin);
        using var form = new FormUrlEncodedContent([new("label", "Forged")]);

        using var answer = await admin.Http.PostAsync(new Uri("accounts/add", UriKind.Relative), form, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain(await app.Get<AccountStore>().List(Cancel), account => account.Label is "Forged");
    }

    [Fact]
    public async Task Whose_sign_in_was_ended_is_cut_off_and_nobody_else_is()
    {
        var somebody = await app.SignInAsync(OperatorRole.Manager);
        await using var hub = await somebody.ConnectAsync();
        await using var other = await (await shared.As(OperatorRole.Manager)).ConnectAsync();
        await app.Get<Connections>().CheckAsync(Cancel);
        await hub.CallAsync("Snapshot", Cancel);

        var row = (await app.Get<OperatorStore>().FindByEmailAsync(somebody.Email.ToUpperInvariant(), Cancel))!;
        row.SecurityStamp = Guid.NewGuid().ToString("N");
        Assert.True((await app.Get<OperatorStore>().UpdateAsync(row, Cancel)).Succeeded);
        await app.Get<Connections>().CheckAsync(Cancel);

        await hub.Closed.WaitAsync(Eventually.Limit, Cancel);
        await other.CallAsync("Snapshot", Cancel);
        (await somebody.Http.ReadAsync("health/deep", HttpStatusCode.Unauthorized)).IsProblem("UNAUTHENTICATED");
        var again = await Assert.ThrowsAsync<HttpRequestException>(() => somebody.ConnectAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
    }

    private static object?[] Arguments(string method) => method switch
    {
        nameof(IOperatorHub.Snapshot) => [],
        nameof(IOperatorHub.CatchUpAll) => [new List<Seen>()],
        nameof(IOperatorHub.CatchUp) => [new AccountId(999_999), 0],
        nameof(IOperatorHub.Threads) => [0, new ThreadId(0)],
        nameof(IOperatorHub.Messages) => [new ThreadId(999_999), null],
        nameof(IOperatorHub.Send) => [new SendRequest(new(999_999), "token", "text")],
        nameof(IOperatorHub.MarkRead) => [new ThreadId(999_999), new MessageId(1)],
        nameof(IOperatorHub.AddAccount) => [""],
        nameof(IOperatorHub.Relabel) => [new AccountId(999_999), "label"],
        nameof(IOperatorHub.PairByCode) => [new AccountId(999_999), "40700000001"],
        _ => [new AccountId(999_999)],
    };

    private static int Count(List<string> told)
    {
        lock (told)
        {
            return told.Count(method => method is nameof(IWorkerClient.CommandWaiting));
        }
    }

    private Task<OperatorConnection> WorkerAsync(List<string> told) => OperatorConnection.OpenAsync(
        app.Url,
        "/hubs/worker",
        options => options.SetRequestHeader("Authorization", $"Bearer {TestApp.WorkerToken}"),
        (method, _) =>
        {
            lock (told)
            {
                told.Add(method);
            }
        },
        Cancel);

    private async Task<HttpStatusCode?> RefusalAsync(string hub, params (string Name, string Value)[] headers)
    {
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => OperatorConnection.OpenAsync(
            app.Url, hub, options => Array.ForEach(headers, header => options.SetRequestHeader(header.Name, header.Value)), onTold: null, Cancel));
        return refused.StatusCode;
    }
}
