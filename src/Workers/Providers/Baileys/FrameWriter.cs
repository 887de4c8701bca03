using System.Buffers;
using System.Text.Json;

namespace RealtimeWa;

/// <summary>Writes frames in the order of their calls; what comes while a write runs leaves together in the next one.</summary>
internal sealed class FrameWriter(Stream stream)
{
    private readonly Lock gate = new();
    private ArrayBufferWriter<byte> filling = new(16 * 1024);
    private ArrayBufferWriter<byte> writing = new(16 * 1024);
    private Utf8JsonWriter? json;
    private bool isWriting;

    /// <summary>The caller does not wait for the pipe. A pipe that broke is noticed by whoever reads the other one.</summary>
    public void Write<T>(T state, Action<Utf8JsonWriter, T> frame)
    {
        lock (gate)
        {
            json ??= new Utf8JsonWriter(filling, new JsonWriterOptions { SkipValidation = true });
            json.Reset(filling);
            frame(json, state);
            json.Flush();
            filling.Write("\n"u8);
            if (isWriting)
                return;

            isWriting = true;
        }

        _ = PumpAsync();
    }

    public void Close() => stream.Dispose();

    private async Task PumpAsync()
    {
        while (true)
        {
            lock (gate)
            {
                if (filling.WrittenCount == 0)
                {
                    isWriting = false;
                    return;
                }

                (filling, writing) = (writing, filling);
            }

            try
            {
                await stream.WriteAsync(writing.WrittenMemory, CancellationToken.None);
                await stream.FlushAsync(CancellationToken.None);
            }
            catch (Exception broken) when (broken is IOException or ObjectDisposedException)
            {
                return;
            }

            Clear();
        }
    }

    private void Clear()
    {
        if (writing.Capacity > 1024 * 1024)
            writing = new ArrayBufferWriter<byte>(16 * 1024);
        else
            writing.ResetWrittenCount();
    }
}
