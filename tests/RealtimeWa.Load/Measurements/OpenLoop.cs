using System.Globalization;
using RealtimeWa.Phones;

namespace RealtimeWa.Load;

/// <summary>A customer who writes at a rate of their own, whether or not anybody keeps up.</summary>
internal static class OpenLoop
{
    // The screen is drawn 60 times a second: a beat of exactly 200 ms would meet every frame at the same place.
    private const double Jitter = 0.5;

    /// <summary>Writes for some seconds; the answer is what was written and when, in order.</summary>
    public static async Task<IReadOnlyList<Written>> RunAsync(
        Emulator emulator, Contact contact, string account, string mark, Sizes sizes, CancellationToken cancellationToken)
    {
        var random = new Random(sizes.Rate);
        var beat = TimeSpan.FromSeconds(1.0 / sizes.Rate);
        var writing = new List<Task<Written>>();
        using var timer = new PeriodicTimer(beat, TimeProvider.System);
        for (var number = 0; number < sizes.Rate * sizes.Seconds; number++)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            var text = string.Create(CultureInfo.InvariantCulture, $"{mark}-{number}.");
            writing.Add(WriteAsync(emulator, contact, account, text, beat * (random.NextDouble() * Jitter), cancellationToken));
        }

        return await Task.WhenAll(writing);
    }

    private static async Task<Written> WriteAsync(
        Emulator emulator, Contact contact, string account, string text, TimeSpan delay, CancellationToken cancellationToken)
    {
        await Task.Delay(delay, TimeProvider.System, cancellationToken);
        var answer = await emulator.PostAsync($"api/contacts/{contact.Phone}/send", new { to = account, text }, cancellationToken);
        return new(answer.GetProperty("id").GetString()!, text, answer.GetProperty("sentAt").GetDouble());
    }
}

/// <param name="At">When the phone wrote it: the emulator's clock, epoch milliseconds.</param>
internal sealed record Written(string Id, string Text, double At);
