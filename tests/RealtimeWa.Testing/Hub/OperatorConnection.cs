using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace RealtimeWa.Processes;

/// <summary>The hub's JSON protocol over a WebSocket, with the cookie of somebody who signed in; what the hub tells is handed to whoever wants it.</summary>
public sealed class OperatorConnection : IAsyncDisposable
{
    private const byte Separator = 0x1e;
    private const int Invocation = 1;
    private const int Completion = 3;
    private const int Ping = 6;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(5);

    private readonly ClientWebSocket socket = new();
    private readonly SemaphoreSlim writing = new(1);
    private readonly CancellationTokenSource over = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> open = new(StringComparer.Ordinal);
    private readonly List<byte> received = [];
    private Task reading = Task.CompletedTask;
    private int calls;

    private OperatorConnection(Action<string, JsonElement>? onTold) => OnTold = onTold;

    /// <summary>Method and arguments of what the hub tells, in its order.</summary>
    private Action<string, JsonElement>? OnTold { get; }

    /// <summary>Ends when the hub has closed the connection.</summary>
    public Task Closed => reading;

    public static Task<OperatorConnection> OpenAsync(Uri url, CookieContainer cookies, CancellationToken cancellationToken) =>
        OpenAsync(url, cookies, onTold: null, cancellationToken);

    public static Task<OperatorConnection> OpenAsync(
        Uri url, CookieContainer cookies, Action<string, JsonElement>? onTold, CancellationToken cancellationToken) =>
        OpenAsync(
            url,
            "/hubs/operator",
            options =>
            {
                options.Cookies = cookies;
                options.SetRequestHeader("Origin", url.GetLeftPart(UriPartial.Authority));
            },
            onTold,
            cancellationToken);

    /// <summary>Any hub, and anything in the request.</summary>
    public static async Task<OperatorConnection> OpenAsync(
        Uri url, string hub, Action<ClientWebSocketOptions> request, Action<string, JsonElement>? onTold, CancellationToken cancellationToken)
    {
        var connection = new OperatorConnection(onTold);
        request(connection.socket.Options);
        connection.socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await connection.socket.ConnectAsync(new UriBuilder(url) { Scheme = "ws", Path = hub }.Uri, cancellationToken);
        }
        catch (WebSocketException failure)
        {
            var status = connection.socket.HttpStatusCode;
            await connection.DisposeAsync();
            throw new HttpRequestException($"The hub answered {(int)status}.", failure, status);
        }

        await connection.WriteAsync(new { protocol = "json", version = 1 }, cancellationToken);
        await connection.FrameAsync(cancellationToken);
        connection.reading = connection.ReadAsync();
        _ = connection.PingAsync();
        return connection;
    }

    public async Task<T> CallAsync<T>(string method, CancellationToken cancellationToken, params object?[] arguments)
    {
        var result = await CallAsync(method, cancellationToken, arguments);
        return result.Deserialize<T>(Json)!;
    }

    public async Task<JsonElement> CallAsync(string method, CancellationToken cancellationToken, params object?[] arguments)
    {
        var id = Interlocked.Increment(ref calls).ToString(CultureInfo.InvariantCulture);
        var answer = open[id] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        await WriteAsync(new { type = Invocation, invocationId = id, target = method, arguments }, cancellationToken);
        await Task.WhenAny(answer.Task, reading).WaitAsync(cancellationToken);
        if (!answer.Task.IsCompleted)
        {
            // Whatever went wrong there; or the connection is over.
            await reading;
            throw new InvalidOperationException("The hub closed the connection.");
        }

        var frame = await answer.Task;
        return frame.TryGetProperty("error", out var error) ? throw new InvalidOperationException($"{method}: {error.GetString()}")
            : frame.TryGetProperty("result", out var result) ? result
            : default;
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        socket.Abort();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        socket.Dispose();
        over.Dispose();
    }

    private async Task ReadAsync()
    {
        // Whoever opened it has it in hand before anything is told.
        await Task.Yield();
        try
        {
            while (true)
            {
                var frame = await FrameAsync(over.Token);
                switch (frame.GetProperty("type").GetInt32())
                {
                    case Completion when open.TryRemove(frame.GetProperty("invocationId").GetString()!, out var waiting):
                        waiting.TrySetResult(frame);
                        break;
                    case Invocation:
                        OnTold?.Invoke(frame.GetProperty("target").GetString()!, frame.GetProperty("arguments"));
                        break;
                }
            }
        }
        catch (Exception ended) when (ended is InvalidOperationException or WebSocketException or OperationCanceledException)
        {
            // The connection is over, and with it every call that got no answer.
        }
    }

    private async Task PingAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(PingEvery);
            while (await timer.WaitForNextTickAsync(over.Token))
            {
                await WriteAsync(new { type = Ping }, over.Token);
            }
        }
        catch (Exception ended) when (ended is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is over.
        }
    }

    private async Task WriteAsync(object frame, CancellationToken cancellationToken)
    {
        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(frame, Json), Separator];
        await writing.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task<JsonElement> FrameAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        int end;
        while ((end = received.IndexOf(Separator)) < 0)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (read.MessageType == WebSocketMessageType.Close)
            {
                throw new InvalidOperationException("The hub closed the connection.");
            }

            received.AddRange(buffer.AsSpan(0, read.Count));
        }

        var frame = JsonDocument.Parse(Encoding.UTF8.GetString([.. received[..end]])).RootElement;
        received.RemoveRange(0, end + 1);
        return frame;
    }
}
