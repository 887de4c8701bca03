using FsCheck;
using FsCheck.Fluent;

namespace RealtimeWa;

/// <summary>News comes in any order; the end is the same.</summary>
public sealed class OrderTests
{
    private static readonly MessageStatus[] Ticks =
    [
        MessageStatus.Queued, MessageStatus.Sending, MessageStatus.Unknown, MessageStatus.Failed,
        MessageStatus.Sent, MessageStatus.Delivered, MessageStatus.Read, MessageStatus.Played,
    ];

    [Fact]
    public void A_status_only_moves_forward_in_every_order_of_all_of_them()
    {
        foreach (var order in Orders(Ticks))
        {
            var status = MessageStatus.Queued;
            foreach (var next in order)
            {
                var later = StatusOrder.Later(status, next);
                Assert.True(Array.IndexOf(Ticks, later) >= Array.IndexOf(Ticks, status));
                status = later;
            }

            Assert.Equal(MessageStatus.Played, status);
        }
    }

    [Fact]
    public async Task Receipts_before_and_after_their_message_end_in_the_same_ticks()
    {
        await using var data = await TestData.Open(Dialect.Sqlite);
        var fence = await data.Owned();
        var number = 0;
        var orders = Gen.SubListOf<ReceiptStatus>(ReceiptStatus.Delivered, ReceiptStatus.Read, ReceiptStatus.Played)
            .SelectMany(statuses => Gen.Shuffle([null, .. statuses.Select(status => (ReceiptStatus?)status)]))
            .ToArbitrary();

        Prop.ForAll(orders, order =>
        {
            var id = $"W{++number}";
            foreach (var status in order)
            {
                data.Happens(fence, status is { } receipt ? TestData.Receipt(id, receipt) : TestData.WeSay(id, "hi")).GetAwaiter().GetResult();
            }

            var message = data.MessagesOf(data.OnlyThread().GetAwaiter().GetResult()).GetAwaiter().GetResult().Single(message => string.Equals(message.WaId, id, StringComparison.Ordinal));
            var expected = order.Max() switch
            {
                null => MessageStatus.Sent,
                ReceiptStatus.Delivered => MessageStatus.Delivered,
                ReceiptStatus.Read => MessageStatus.Read,
                _ => MessageStatus.Played,
            };
            return message.Status == expected;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Trials.Count("receipt-orders")));
    }

    [Fact]
    public async Task Edits_reactions_and_revokes_before_and_after_their_message_end_the_same()
    {
        await using var data = await TestData.Open(Dialect.Sqlite);
        var fence = await data.Owned();
        var number = 0;
        var changes = Gen.SubListOf(0, 1, 2, 3, 4, 5).SelectMany(some => Gen.Shuffle([6, .. some])).ToArbitrary();

        Prop.ForAll(changes, order =>
        {
            var id = $"W{++number}";
            foreach (var change in order)
            {
                data.Happens(fence, Change(change, id)).GetAwaiter().GetResult();
            }

            var message = data.MessagesOf(data.OnlyThread().GetAwaiter().GetResult()).GetAwaiter().GetResult().Single(message => string.Equals(message.WaId, id, StringComparison.Ordinal));
            var text = order.Contains(5) ? null : order.Contains(1) ? "second" : order.Contains(0) ? "first" : "hello";
            var emoji = order.Contains(4) ? "" : order.Contains(3) ? "❤" : order.Contains(2) ? "👍" : "";
            return string.Equals(message.Text, text, StringComparison.Ordinal)
                && message.IsRevoked == order.Contains(5)
                && string.Equals(string.Concat(message.Reactions.Select(reaction => reaction.Emoji)), emoji, StringComparison.Ordinal);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Trials.Count("receipt-orders")));

        await data.Log(fence.AccountId);
    }

    [Theory, EachDatabase]
    public async Task Only_the_sender_can_edit_or_revoke_a_message(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var fence = await data.Owned();
        await data.Happens(fence, TestData.WeSay("W1", "ours"));

        await data.Happens(fence, new MessageEdited("W1", TestData.Ion, TestData.IonHimself, FromMe: false, "forged", 2_000));
        await data.Happens(fence, new MessageRevoked("W1", TestData.Ion, TestData.IonHimself, FromMe: false, 2_000));

        var message = await data.OnlyMessage();
        Assert.Equal(("ours", false, null), (message.Text, message.IsRevoked, message.EditedAt));
    }

    private static InboundEvent Change(int change, string id) => change switch
    {
        0 => new MessageEdited(id, TestData.Ion, TestData.IonHimself, FromMe: false, "first", 2_000),
        1 => new MessageEdited(id, TestData.Ion, TestData.IonHimself, FromMe: false, "second", 3_000),
        2 => new ReactionArrived(id, TestData.Ion, TestData.IonHimself, FromMe: false, "👍", 2_000),
        3 => new ReactionArrived(id, TestData.Ion, TestData.IonHimself, FromMe: false, "❤", 3_000),
        4 => new ReactionArrived(id, TestData.Ion, TestData.IonHimself, FromMe: false, "", 4_000),
        5 => new MessageRevoked(id, TestData.Ion, TestData.IonHimself, FromMe: false, 5_000),
        _ => TestData.Says(id, "hello"),
    };

    private static IEnumerable<MessageStatus[]> Orders(MessageStatus[] items) => items.Length == 0
        ? [[]]
        : items.SelectMany((item, index) => Orders([.. items[..index], .. items[(index + 1)..]]).Select(rest => (MessageStatus[])[item, .. rest]));
}
