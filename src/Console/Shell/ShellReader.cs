using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace RealtimeWa;

public sealed class ShellReader(SnapshotStore snapshots, MessageStore messages, BrowserTexts texts)
{
    private const int Threads = 100;

    private const int Messages = 50;

    /// <summary>Where a page puts the thread that it opens.</summary>
    public const string OpenThread = "OpenThread";

    public async Task<Shell> ReadAsync(HttpContext context, ViewDataDictionary viewData)
    {
        var cancellationToken = context.RequestAborted;
        var snapshot = await snapshots.Read(Threads, cancellationToken);
        var page = viewData[OpenThread] is ThreadId thread ? await messages.Page(thread, before: null, Messages, cancellationToken) : null;
        return new Shell(
            SignedIn.Read(context.User), texts.Json, PageJson.Write(snapshot), page is null ? null : PageJson.Write(page));
    }
}
