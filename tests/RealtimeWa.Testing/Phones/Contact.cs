using System.Text.Json;
using RealtimeWa.Processes;

namespace RealtimeWa.Phones;

/// <summary>A customer's phone in the emulator.</summary>
public sealed class Contact(Emulator emulator, string phone)
{
    public string Phone => phone;

    /// <summary>Writes to an account's number; the answer is WhatsApp's id of the message.</summary>
    public async Task<string> SaysAsync(string to, string text, CancellationToken cancellationToken) =>
        (await emulator.PostAsync($"api/contacts/{phone}/send", new { to, text }, cancellationToken)).GetProperty("id").GetString()!;

    public Task BurstAsync(string to, int count, string text, CancellationToken cancellationToken) =>
        emulator.PostAsync($"api/contacts/{phone}/burst", new { to, count, text }, cancellationToken);

    /// <summary>What it shows, in order: a message with an id that it has already is shown once.</summary>
    public async Task<IReadOnlyList<PhoneMessage>> MessagesAsync(CancellationToken cancellationToken)
    {
        var answer = await emulator.GetAsync($"api/contacts/{phone}/messages", cancellationToken);
        var list = answer.ValueKind == JsonValueKind.Array ? answer : answer.GetProperty("messages");
        return [.. list.EnumerateArray().Select(PhoneMessage.From)];
    }

    public Task SeesAsync(string text, CancellationToken cancellationToken) =>
        Eventually.Async(
            () => MessagesAsync(cancellationToken),
            messages => messages.Any(message => string.Equals(message.Text, text, StringComparison.Ordinal)),
            $"the phone shows a message of {text.Length} characters",
            cancellationToken);
}

public sealed record PhoneMessage(string Id, string? Text)
{
    public static PhoneMessage From(JsonElement element) =>
        new(element.GetProperty("id").GetString()!, element.TryGetProperty("text", out var text) ? text.GetString() : null);
}
