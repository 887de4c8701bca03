using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;

namespace RealtimeWa;

/// <summary>Reaches a hub on another machine through a WebSocket, with the worker's token.</summary>
internal sealed class WebSocketConnections(Uri url, string token) : IConnectionFactory
{
    private const string Refused = "The hub refused this worker's token. Give Workers:Token the same value here and at the console.";

    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
            socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(15);
            socket.Options.CollectHttpResponseDetails = true;
            await socket.ConnectAsync(Address(url), cancellationToken);
        }
        catch (WebSocketException refused) when (socket.HttpStatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            socket.Dispose();
            throw new UnauthorizedAccessException(Refused, refused);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var (worker, wire) = PipePair.Create();
        var pumping = Task.WhenAll(ReceiveAsync(socket, wire.Output), SendAsync(socket, wire.Input));
        return new WorkerConnection(worker, async () =>
        {
            socket.Abort();
            await pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            socket.Dispose();
        });
    }

    private static Uri Address(Uri url) => new UriBuilder(url) { Scheme = url.Scheme is "https" or "wss" ? "wss" : "ws" }.Uri;

    private static async Task ReceiveAsync(ClientWebSocket socket, PipeWriter output)
    {
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync(output.GetMemory(4096), CancellationToken.None);
                if (result.MessageType is WebSocketMessageType.Close)
                    break;

                output.Advance(result.Count);
                if (result.EndOfMessage && (await output.FlushAsync(CancellationToken.None)).IsCompleted)
                    break;
            }

            await output.CompleteAsync();
        }
        catch (Exception failure)
        {
            await output.CompleteAsync(failure);
        }
    }

    private static async Task SendAsync(ClientWebSocket socket, PipeReader input)
    {
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(CancellationToken.None);
                foreach (var segment in read.Buffer)
                    await socket.SendAsync(segment, WebSocketMessageType.Text, endOfMessage: false, CancellationToken.None);
                if (!read.Buffer.IsEmpty)
                    await socket.SendAsync(ReadOnlyMemory<byte>.Empty, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
                input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    break;
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            await input.CompleteAsync();
        }
        catch (Exception failure)
        {
            await input.CompleteAsync(failure);
        }
    }
}
