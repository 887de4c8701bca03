using Microsoft.Extensions.Options;

namespace RealtimeWa;

public sealed class AccountAsks(AccountStore accounts, CommandStore commands, IOptions<AccountLimits> limits)
{
    public async Task<AccountResult> AddAsync(string label, CancellationToken cancellationToken)
    {
        var added = await accounts.Add(label, instanceId: null, limits.Value.Max, cancellationToken);
        return new(added.Account, Refusal: null, added.Sentence);
    }

    public async Task<AccountResult> RelabelAsync(AccountId id, string label, CancellationToken cancellationToken)
    {
        await accounts.Relabel(id, label, cancellationToken);
        return await FoundAsync(id, cancellationToken);
    }

    public Task<AccountResult> DeleteAsync(AccountId id, CancellationToken cancellationToken) => AskAsync(id, CommandKind.Delete, null, cancellationToken);

    public Task<AccountResult> PairAsync(AccountId id, CancellationToken cancellationToken) => AskAsync(id, CommandKind.Pair, null, cancellationToken);

    public Task<AccountResult> PairByCodeAsync(AccountId id, string phone, CancellationToken cancellationToken) =>
        AskAsync(id, CommandKind.PairCode, string.Concat(phone.Where(char.IsAsciiDigit)), cancellationToken);

    public Task<AccountResult> ReconnectAsync(AccountId id, CancellationToken cancellationToken) => AskAsync(id, CommandKind.Reconnect, null, cancellationToken);

    public Task<AccountResult> StopAsync(AccountId id, CancellationToken cancellationToken) => AskAsync(id, CommandKind.Stop, null, cancellationToken);

    private async Task<AccountResult> AskAsync(AccountId id, CommandKind kind, string? argument, CancellationToken cancellationToken)
    {
        await commands.Add(id, kind, argument, cancellationToken);
        return await FoundAsync(id, cancellationToken);
    }

    private async Task<AccountResult> FoundAsync(AccountId id, CancellationToken cancellationToken) => new(await accounts.Find(id, cancellationToken), Refusal: null, Sentence: null);
}
