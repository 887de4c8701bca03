namespace RealtimeWa;

/// <summary>What every page carries around its content: who is signed in, and the JSON that its live parts draw themselves from.</summary>
/// <param name="Texts">The sentences that the browser needs, as JSON.</param>
/// <param name="Snapshot">As JSON.</param>
/// <param name="Messages">The open thread's newest page, as JSON; read after the snapshot, so it is never older.</param>
public sealed record Shell(SignedIn Me, string Texts, string Snapshot, string? Messages)
{
    public string ChatPage => Me.May(OperatorRole.Manager) ? "/chat-clienti" : "/whatsapp/chat";

    public string AccountsPage => Me.May(OperatorRole.Admin) ? "/accounts-management" : "/chat-clienti?tab=accounts";
}
