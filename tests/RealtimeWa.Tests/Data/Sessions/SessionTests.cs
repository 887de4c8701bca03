namespace RealtimeWa;

public sealed class SessionTests
{
    [Theory, EachDatabase]
    public async Task A_transition_is_a_row_an_event_and_a_line_of_history(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        var session = (await data.Sessions.Load(fence.AccountId, TestData.Cancel))!.Account.Session;
        var waiting = session with
        {
            Status = SessionStatus.QrRequired,
            QrStatus = QrStatus.Generated,
            Reason = ReasonCode.WaitingForScan,
            Action = OperatorAction.ScanQr,
            Since = 5,
            Notices = [new("reachout_time_lock", 1, 2)],
        };
        QrView qr = new("https://wa.me/settings/linked_devices#a,b", PairCode: null, data.Time.Now + 60_000);

        await data.Sessions.Transition(fence, waiting, qr, "first ref", TestData.Cancel);
        await data.Sessions.Transition(fence, waiting with { Attempt = 2 }, qr, "second ref", TestData.Cancel);

        var stored = (await data.Sessions.Load(fence.AccountId, TestData.Cancel))!.Account.Session;
        Assert.Equivalent(waiting with { Attempt = 2, QrExpiresAt = qr.ExpiresAt }, stored, strict: true);
        Assert.Equal(qr, await data.Sessions.Qr(fence.AccountId, TestData.Cancel));
        var line = Assert.Single((await data.Sessions.History(fence.AccountId, 10, TestData.Cancel)).Transitions);
        Assert.Equal((SessionStatus.Init, SessionStatus.QrRequired, "first ref"), (line.From, line.To, line.Detail));
        var log = await data.Log(fence.AccountId);
        Assert.Equal([EventKind.SessionChanged, EventKind.SessionChanged], log.Select(happened => happened.Kind));
        Assert.DoesNotContain(log, happened => ViewJson.Write(happened.Body).Contains("linked_devices", StringComparison.Ordinal));
        data.Time.Pass(TimeSpan.FromMinutes(2));
        Assert.Null(await data.Sessions.Qr(fence.AccountId, TestData.Cancel));
    }

    [Theory, EachDatabase]
    public async Task Linking_replaces_the_keys_of_the_link_before(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Keys.Commit(fence, new([new("session", "a", "old")], "{\"old\":1}"), TestData.Cancel);

        var paired = await data.Links(fence, "40711");

        Assert.Equal([new(fence.AccountId, 1)], paired.Doorbells);
        Assert.Empty(await data.Keys.Get(fence.AccountId, "session", ["a"], TestData.Cancel));
        Assert.Equal("{\"new\":1}", await data.Keys.Creds(fence.AccountId, TestData.Cancel));
        Assert.Equal("40711", (await data.Accounts.Find(fence.AccountId, TestData.Cancel))!.Phone);
        Assert.Equal("40711", (await data.Log(fence.AccountId))[^1].Body.Account!.Phone);
    }

    [Theory, EachDatabase]
    public async Task A_link_that_the_phone_ended_leaves_no_keys(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Keys.Commit(fence, new([new("session", "a", "1")], "{}"), TestData.Cancel);

        await data.Sessions.ForgetLink(fence, TestData.Cancel);

        Assert.Null((await data.Sessions.Load(fence.AccountId, TestData.Cancel))!.Creds);
        Assert.Empty(await data.Keys.Get(fence.AccountId, "session", ["a"], TestData.Cancel));
    }
}
