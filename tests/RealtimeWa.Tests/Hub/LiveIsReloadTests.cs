using RealtimeWa.Processes;

namespace RealtimeWa;

/// <summary>Old state and events are the fresh state, whichever hub they came through and whatever was missed on the way.</summary>
public sealed class LiveIsReloadTests
{
    private static CancellationToken Cancel => TestApp.Cancel;

    [Fact]
    public async Task What_events_made_of_a_screen_is_what_a_reload_would_show()
    {
        await using var app = await TestApp.StartAsync();
        var somebody = await app.SignInAsync(OperatorRole.Admin);
        var first = await app.Worker.AddConnectedAsync("40715000001", "First");
        await using var screen = await somebody.OpenAsync();

        await LiveADayAsync(app, somebody, first.Id);

        await IsAsAReloadAsync(screen);
        Assert.Contains("the last word", screen.Picture(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_made_at_one_hub_appears_at_the_clients_of_another()
    {
        await using var one = await TestApp.StartAsync();
        await using var two = await one.StartAnotherAsync();
        var here = await one.SignInAsync(OperatorRole.Admin);
        var there = await two.SignInAsync(OperatorRole.Employee);
        var account = await one.Worker.AddConnectedAsync("40715000002", "Before");
        await using var screen = await there.OpenAsync();

        await LiveADayAsync(one, here, account.Id);

        await IsAsAReloadAsync(screen);
        Assert.Contains("the last word", screen.Picture(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_missed_is_caught_up_and_the_newest_numbers_tell_that_it_was()
    {
        await using var app = await TestApp.StartAsync();
        var somebody = await app.SignInAsync(OperatorRole.Employee);
        var account = await app.Worker.AddConnectedAsync("40715000003");
        await using var screen = await somebody.OpenAsync();
        await app.Worker.HearsAsync(account.Id, "seen");
        await UntilAsync(screen, () => screen.Picture().Contains("seen", StringComparison.Ordinal), "the message is shown");

        screen.LosesFrames = true;
        await app.Worker.HearsAsync(account.Id, "lost");
        var head = (await app.Get<EventStore>().Heads(Cancel))[account.Id];

        // Nothing else happens: the numbers beside the keep-alive are all that can tell.
        await UntilAsync(screen, () => screen.Numbers.GetValueOrDefault(account.Id) == head, "the newest number is said");
        Assert.True(screen.SeqOf(account.Id) < head);
        screen.LosesFrames = false;
        var caught = await screen.CatchUpAsync(account.Id);
        Assert.False(caught.SnapshotNeeded);
        await IsAsAReloadAsync(screen);
    }

    [Fact]
    public async Task A_log_that_no_longer_reaches_back_asks_for_a_snapshot()
    {
        await using var app = await TestApp.StartAsync();
        var somebody = await app.SignInAsync(OperatorRole.Employee);
        var account = await app.Worker.AddConnectedAsync("40715000004");
        await using var screen = await somebody.OpenAsync();
        screen.LosesFrames = true;
        for (var count = 0; count < 5; count++)
        {
            await app.Worker.HearsAsync(account.Id, $"away {count}");
        }

        await app.Get<EventStore>().Purge(long.MaxValue, Cancel);

        Assert.True((await screen.CatchUpAsync(account.Id)).SnapshotNeeded);
        var all = await screen.Hub.CallAsync<List<CatchUp>>("CatchUpAll", Cancel, new List<Seen> { new(account.Id, screen.SeqOf(account.Id)) });
        Assert.True(Assert.Single(all).SnapshotNeeded);
        await screen.ReloadAsync();
        await IsAsAReloadAsync(screen);
        Assert.Contains("away 4", screen.Picture(), StringComparison.Ordinal);

        // From a future that a restored backup does not know there is no way forward either.
        var ahead = await screen.Hub.CallAsync<CatchUp>("CatchUp", Cancel, account.Id, 1_000_000);
        Assert.True(ahead.SnapshotNeeded);
    }

    [Fact]
    public async Task Numbers_come_without_a_gap_and_each_once()
    {
        await using var app = await TestApp.StartAsync();
        var somebody = await app.SignInAsync(OperatorRole.Admin);
        var account = await app.Worker.AddConnectedAsync("40715000005");
        await using var screen = await somebody.OpenAsync();
        var start = screen.SeqOf(account.Id);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => app.Worker.HearsAsync(account.Id, $"text {number}", $"4070000{number:0000}")));

        var head = (await app.Get<EventStore>().Heads(Cancel))[account.Id];
        await UntilAsync(screen, () => screen.SeqOf(account.Id) == head, "all arrived");
        Assert.Equal(
            Enumerable.Range(0, (int)(head - start)).Select(count => start + 1 + count),
            screen.Heard.Where(change => change.AccountId == account.Id && change.Seq > start).Select(change => change.Seq));
    }

    private static async Task LiveADayAsync(TestApp app, Somebody admin, AccountId account)
    {
        await using var hub = await admin.ConnectAsync();
        var thread = await app.Worker.HearsAsync(account, "<b>are you there?</b>");
        await hub.CallAsync<SendResult>("Send", Cancel, new SendRequest(thread.Id, "token-1", "yes"));
        await app.Worker.BecomeAsync(account, SessionStatus.Disconnected, ReasonCode.ConnectionLost, "The connection to WhatsApp was lost.");
        var page = await hub.CallAsync<MessagePage>("Messages", Cancel, thread.Id, null);
        await hub.CallAsync("MarkRead", Cancel, thread.Id, page.Messages[^1].Id);
        var added = await hub.CallAsync<AccountResult>("AddAccount", Cancel, "Second");
        await hub.CallAsync<AccountResult>("Relabel", Cancel, added.Account!.Id, "Second, renamed");
        await app.Worker.ShowQrAsync(added.Account.Id, "2@code");
        await app.Worker.LinkAsync(added.Account.Id, "40716000001");
        await app.Worker.BecomeAsync(added.Account.Id, SessionStatus.Connected, ReasonCode.Proven);
        await app.Worker.HearsAsync(added.Account.Id, "hello Second");
        var third = await hub.CallAsync<AccountResult>("AddAccount", Cancel, "Third");
        await app.Worker.ShowQrAsync(third.Account!.Id, "2@code");
        await app.Get<AccountStore>().Delete(third.Account.Id, Cancel);
        await hub.CallAsync<AccountResult>("Stop", Cancel, added.Account.Id);
        await app.Worker.BecomeAsync(account, SessionStatus.Connected, ReasonCode.Proven);
        await app.Worker.HearsAsync(account, "somebody else", "40700000002");
        await app.Worker.HearsAsync(account, "the last word", "40700000003");
    }

    private static async Task IsAsAReloadAsync(Screen screen)
    {
        var fresh = Screen.Draw(await Screen.SnapshotAsync(screen.Hub));
        await UntilAsync(screen, () => string.Equals(screen.Picture(), fresh, StringComparison.Ordinal), $"the screen is{Environment.NewLine}{fresh}");
    }

    private static async Task UntilAsync(Screen screen, Func<bool> holds, string what) =>
        await Eventually.Async(() => Task.FromResult((Holds: holds(), Picture: screen.Picture())), seen => seen.Holds, what, Cancel);
}
