using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace RealtimeWa.Processes;

/// <summary>The hub's JSON protocol over a WebSocket with the cookie of somebody who signed in: one call at a time, pushes are ignored.</summary>
public sealed class OperatorConnection : IAsyncDisposable
{
    private const byte Separator = 0x1e;
    private const int Completion = 3;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly ClientWebSocket socket = new();
    private readonly SemaphoreSlim turn = new(1);
    private readonly List<byte> received = [];
    private int calls;

    private OperatorConnection()
    {
    }

    public static async Task<OperatorConnection> OpenAsync(Uri url, CookieContainer cookies, CancellationToken cancellationToken)
    {
        var connection = new OperatorConnection();
        connection.socket.Options.Cookies = cookies;
        connection.socket.Options.SetRequestHeader("Origin", url.GetLeftPart(UriPartial.Authority));
        await connection.socket.ConnectAsync(new UriBuilder(url) { Scheme = "ws", Path = "/hubs/operator" }.Uri, cancellationToken);
        await connection.WriteAsync(new { protocol = "json", version = 1 }, cancellationToken);
        await connection.FrameAsync(cancellationToken);
        return connection;
    }

    public async Task<T> CallAsync<T>(string method, CancellationToken cancellationToken, params object[] arguments)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var id = (++calls).ToString(System.Globalization.CultureInfo.InvariantCulture);
            await WriteAsync(new { type = 1, invocationId = id, target = method, arguments }, cancellationToken);
            while (true)
            {
                var frame = await FrameAsync(cancellationToken);
                if (frame.GetProperty("type").GetInt32() == Completion && string.Equals(frame.GetProperty("invocationId").GetString(), id, StringComparison.Ordinal))
                {
                    return frame.TryGetProperty("error", out var error)
                        ? throw new InvalidOperationException($"{method}: {error.GetString()}")
                        : frame.GetProperty("result").Deserialize<T>(Json)!;
                }
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task WriteAsync(object frame, CancellationToken cancellationToken)
    {
        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(frame, Json), Separator];
        await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
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
