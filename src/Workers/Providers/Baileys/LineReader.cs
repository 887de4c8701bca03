using System.Buffers;

namespace RealtimeWa;

/// <summary>Cuts a stream into lines in one pooled buffer, on the caller's thread.</summary>
internal static class LineReader
{
    /// <summary>The protocol's limit for one line.</summary>
    public const int Longest = 16 * 1024 * 1024;

    private const int Usual = 64 * 1024;

    public delegate void OnLine(ReadOnlySpan<byte> line);

    /// <summary>Returns at the end of the stream; throws <see cref="InvalidDataException"/> for a line that is too long.</summary>
    public static void Read(Stream stream, OnLine onLine)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Usual);
        try
        {
            var filled = 0;
            while (true)
            {
                if (filled == buffer.Length)
                    buffer = Grow(buffer);

                var read = stream.Read(buffer, filled, buffer.Length - filled);
                if (read == 0)
                    return;

                var searched = filled;
                filled += read;
                var start = 0;
                for (int end; (end = buffer.AsSpan(searched, filled - searched).IndexOf((byte)'\n')) >= 0;)
                {
                    var line = buffer.AsSpan(start, searched + end - start);
                    searched += end + 1;
                    start = searched;
                    if (line.Length > 0)
                        onLine(line);
                }

                filled -= start;
                buffer.AsSpan(start, filled).CopyTo(buffer);
                if (filled == 0 && buffer.Length > Usual * 16)
                    buffer = Shrink(buffer);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        if (buffer.Length > Longest)
            throw new InvalidDataException("A line is longer than 16 MiB.");

        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger.AsSpan());
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static byte[] Shrink(byte[] buffer)
    {
        ArrayPool<byte>.Shared.Return(buffer);
        return ArrayPool<byte>.Shared.Rent(Usual);
    }
}
