using System.IO.Pipelines;

namespace RealtimeWa;

/// <summary>Two ends of one connection inside this process: what one writes, the other reads.</summary>
internal static class PipePair
{
    public static (IDuplexPipe Worker, IDuplexPipe Hub) Create()
    {
        var options = new PipeOptions(useSynchronizationContext: false);
        var up = new Pipe(options);
        var down = new Pipe(options);
        return (new End(down.Reader, up.Writer), new End(up.Reader, down.Writer));
    }

    private sealed record End(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
