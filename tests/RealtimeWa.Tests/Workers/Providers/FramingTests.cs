using System.Text;
using System.Text.Json;

namespace RealtimeWa;

public sealed class FramingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Lines_come_whole_however_they_are_cut(int piece)
    {
        string[] lines = ["a", new string('b', 70_000), "", "ç€😀", new string('d', 300_000), "e"];
        List<string> read = [];

        LineReader.Read(new Pieces(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), piece), line => read.Add(Encoding.UTF8.GetString(line)));

        Assert.Equal(lines.Where(line => line.Length > 0), read, StringComparer.Ordinal);
    }

    [Fact]
    public void A_line_without_end_is_refused_at_the_limit()
    {
        Assert.Throws<InvalidDataException>(() => LineReader.Read(new Pieces(new byte[LineReader.Longest * 3], 1 << 20), _ => { }));
    }

    [Fact]
    public void The_head_of_a_frame_leaves_its_body_as_it_is()
    {
        var head = FrameHead.Read("""{"body":{"a":[1,{"id":9}]},"id":7,"ev":"commit","account":3,"epoch":4,"later":[{}]}"""u8);

        Assert.Equal((7L, "commit", 3L, 4L), (head.Id!.Value, head.Event, head.Account, head.Epoch));
        Assert.Equal("""{"a":[1,{"id":9}]}""", Encoding.UTF8.GetString(head.Body));
    }

    [Fact]
    public void What_the_outbox_has_of_a_message_is_answered_as_it_is_sent()
    {
        const string content = """{"text":"<hello>"}""";

        Assert.Equal("""{"content":{"text":"<hello>"}}""", JsonSerializer.Serialize(new SentAnswer(null, content), BridgeJson.Default.SentAnswer));
        Assert.Equal("""{"proto":"Bw=="}""", JsonSerializer.Serialize(new SentAnswer([7], null), BridgeJson.Default.SentAnswer));
        Assert.Equal("{}", JsonSerializer.Serialize(new SentAnswer(null, null), BridgeJson.Default.SentAnswer));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"id":"1"}""")]
    [InlineData("""{"ev":1}""")]
    [InlineData("""{} {}""")]
    public void What_is_no_frame_is_refused(string line)
    {
        Assert.ThrowsAny<JsonException>(() =>
        {
            FrameHead.Read(Encoding.UTF8.GetBytes(line));
        });
    }

    [Fact]
    public async Task Frames_that_come_during_a_write_leave_in_their_order()
    {
        var pipe = new System.IO.Pipelines.Pipe(new System.IO.Pipelines.PipeOptions(pauseWriterThreshold: 256, resumeWriterThreshold: 128));
        var writer = new FrameWriter(pipe.Writer.AsStream());
        for (var i = 0; i < 1000; i++)
            writer.Write(i, static (json, number) => json.WriteNumberValue(number));

        using var reader = new StreamReader(pipe.Reader.AsStream());
        for (var i = 0; i < 1000; i++)
            Assert.Equal(i.ToString(System.Globalization.CultureInfo.InvariantCulture), await reader.ReadLineAsync(TestWorker.Cancel));
    }

    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));
    }
}
