using System.Buffers;
using System.Text.Json;

namespace RealtimeWa;

/// <summary>
/// Writes frames in the order of their calls, on a thread of its own: a bridge that reads nothing holds up nobody. What comes while a
/// write runs leaves together in the next one.
/// </summary>
internal sealed class FrameWriter
{
    private const int Usual = 16 * 1024;
    private const int Largest = 1024 * 1024;

#pragma warning disable MA0158 // The thread sleeps on it, which the newer kind of lock has no way for.
    private readonly object gate = new();
#pragma warning restore MA0158
    private readonly Stream stream;
    private ArrayBufferWriter<byte> filling = new(Usual);
    private ArrayBufferWriter<byte> writing = new(Usual);
    private Utf8JsonWriter? json;
    private bool isClosed;

    public FrameWriter(Stream stream)
    {
        this.stream = stream;
        new Thread(Pump) { IsBackground = true, Name = "to the bridge" }.Start();
    }

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
            Monitor.Pulse(gate);
        }
    }

    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
            Monitor.Pulse(gate);
        }

        stream.Dispose();
    }

    private void Pump()
    {
        try
        {
            while (Take())
            {
                stream.Write(writing.WrittenSpan);
                stream.Flush();
                if (writing.Capacity > Largest)
                    writing = new ArrayBufferWriter<byte>(Usual);
                else
                    writing.ResetWrittenCount();
            }
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            // The bridge is gone.
        }
    }

    private bool Take()
    {
        lock (gate)
        {
            while (filling.WrittenCount == 0)
            {
                if (isClosed)
                    return false;
                Monitor.Wait(gate);
            }

            (filling, writing) = (writing, filling);
            return true;
        }
    }
}
