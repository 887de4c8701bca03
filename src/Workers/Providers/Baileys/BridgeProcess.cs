using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;

namespace RealtimeWa;

/// <summary>Takes a request of the bridge on the reading thread: it must not wait there.</summary>
internal delegate void BridgeListener(BridgeProcess bridge, in FrameHead request);

/// <summary>One life of one Node child. It ends when its input closes, so it never outlives this process.</summary>
internal sealed partial class BridgeProcess : IAsyncDisposable
{
    public const int Protocol = 1;

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<long, Pending> pending = new();
    private readonly TaskCompletionSource<Hello> hello = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string?> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource readOut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process process;
    private readonly FrameWriter writer;
    private readonly BridgeListener listener;
    private readonly ILogger logger;
    private readonly TimeProvider time;
    private long lastId;
    private volatile bool isDeaf;

    private BridgeProcess(Process process, BridgeListener listener, ILogger logger, TimeProvider time)
    {
        this.process = process;
        this.listener = listener;
        this.logger = logger;
        this.time = time;
        writer = new FrameWriter(process.StandardInput.BaseStream);
        ProcessId = process.Id;
    }

    public int ProcessId { get; }

    /// <summary>Ends with the process; a sentence when it was not we who ended it. What it wrote before may still wait to be read.</summary>
    public Task<string?> Ended => ended.Task;

    /// <summary>Starts it and waits for its first line; throws <see cref="BridgeRefusedException"/> with a sentence when it can't run.</summary>
    public static async Task<BridgeProcess> StartAsync(
        BridgeOptions options, BridgeListener listener, ILogger logger, TimeProvider time, CancellationToken cancellationToken)
    {
        var bridge = new BridgeProcess(Launch(options), listener, logger, time);
        try
        {
            new Thread(bridge.Read) { IsBackground = true, Name = "bridge" }.Start();
            _ = bridge.NoticeExitAsync();
            var errors = bridge.ReadLogAsync();
            try
            {
                var said = await bridge.hello.Task.WaitAsync(options.StartTimeout, time, cancellationToken);
                Check(said);
                Log.Started(logger, said.Pid, said.Baileys, said.Node);
                return bridge;
            }
            catch (EndOfStreamException end)
            {
                await errors.WaitAsync(LastWords, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw new BridgeRefusedException(await Launcher.WhyAsync(options, cancellationToken), end);
            }
            catch (TimeoutException late)
            {
                throw new BridgeRefusedException(
                    $"The bridge did not start within {options.StartTimeout.TotalSeconds:0} seconds. This machine may be overloaded; it is tried again by itself.", late)
                {
                    IsPassing = true,
                };
            }
        }
        catch
        {
            await bridge.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks the bridge something for an account whose lease this worker holds.</summary>
    /// <param name="onAnswered">Runs on the reading thread before anything that the bridge said later is looked at.</param>
    public async Task<TAnswer> AskAsync<TBody, TAnswer>(
        string op,
        HeldLease lease,
        TBody body,
        JsonTypeInfo<TBody> bodyType,
        JsonTypeInfo<TAnswer> answerType,
        CancellationToken cancellationToken,
        Action? onAnswered = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var left = (long)lease.Left.TotalMilliseconds;
        if (left <= 0)
            throw new ProviderRefusedException(ProviderRefusal.LeaseLost, "This worker no longer owns the account.");

        var id = Interlocked.Increment(ref lastId);
        var waiting = new Pending<TAnswer>(answerType, onAnswered);
        pending[id] = waiting;
        try
        {
            writer.Write(
                (id, op, lease.Fence, left, At: time.GetUtcNow().ToUnixTimeMilliseconds(), body, bodyType),
                static (json, frame) =>
                {
                    json.WriteStartObject();
                    json.WriteNumber("id"u8, frame.id);
                    json.WriteString("op"u8, frame.op);
                    json.WriteNumber("account"u8, frame.Fence.AccountId.Value);
                    json.WriteNumber("epoch"u8, frame.Fence.Epoch);
                    json.WriteNumber("lease"u8, frame.left);
                    json.WriteNumber("at"u8, frame.At);
                    json.WritePropertyName("body"u8);
                    JsonSerializer.Serialize(json, frame.body, frame.bodyType);
                    json.WriteEndObject();
                });

            // Written to a pipe that nobody reads any more: its end may have been noticed before this was waiting.
            if (ended.Task.IsCompleted)
                waiting.Fail(Gone());

            return await waiting.Answer.WaitAsync(cancellationToken);
        }
        finally
        {
            pending.TryRemove(id, out _);
        }
    }

    public async Task<BridgeStats> StatsAsync(CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref lastId);
        var waiting = new Pending<BridgeStats>(BridgeJson.Default.BridgeStats, onAnswered: null);
        pending[id] = waiting;
        try
        {
            writer.Write(id, static (json, id) =>
            {
                json.WriteStartObject();
                json.WriteNumber("id"u8, id);
                json.WriteString("op"u8, "stats"u8);
                json.WriteEndObject();
            });
            return await waiting.Answer.WaitAsync(cancellationToken);
        }
        finally
        {
            pending.TryRemove(id, out _);
        }
    }

    public void Answer<T>(long id, T value, JsonTypeInfo<T> type) => writer.Write((id, value, type), static (json, answer) =>
    {
        json.WriteStartObject();
        json.WriteNumber("re"u8, answer.id);
        json.WritePropertyName("ok"u8);
        JsonSerializer.Serialize(json, answer.value, answer.type);
        json.WriteEndObject();
    });

    public void Refuse(long id, string code, string sentence) => writer.Write((id, code, sentence), static (json, answer) =>
    {
        json.WriteStartObject();
        json.WriteNumber("re"u8, answer.id);
        json.WriteStartObject("err"u8);
        json.WriteString("code"u8, answer.code);
        json.WriteString("message"u8, answer.sentence);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>After its end: all that it wrote was handed on, and nothing will be any more.</summary>
    public async Task ReadOutAsync()
    {
        await readOut.Task.WaitAsync(LastWords, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        isDeaf = true;
        FailAll();
    }

    /// <summary>Closes its input, which ends it, and kills it when it does not obey.</summary>
    public async ValueTask DisposeAsync()
    {
        ended.TrySetResult(null);
        writer.Close();
        await process.WaitForExitAsync(CancellationToken.None).WaitAsync(LastWords, time, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Kill();
        FailAll();
        process.Dispose();
    }

    private static Process Launch(BridgeOptions options)
    {
        var start = Launcher.Prepare(options);
        try
        {
            return Process.Start(start) ?? throw new BridgeRefusedException(Launcher.NoNode(options));
        }
        catch (Win32Exception absent)
        {
            throw new BridgeRefusedException(Launcher.NoNode(options), absent);
        }
    }

    private static void Check(Hello said)
    {
        if (said.Protocol != Protocol)
        {
            throw new BridgeRefusedException(
                $"The bridge speaks version {said.Protocol} of the protocol and this program version {Protocol}. Build or install the whole product again, so that both are of one version.");
        }

        if (!Launcher.IsNewEnough(said.Node))
            throw new BridgeRefusedException(Launcher.TooOld(said.Node));
    }

    private void Read()
    {
        string? sentence = null;
        try
        {
            LineReader.Read(process.StandardOutput.BaseStream, Take);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidDataException)
        {
            sentence = "The bridge said something that this version of the program does not understand; it was stopped and is started again. If this goes on, build or install the whole product again.";
            Log.Malformed(logger, ProcessId);
            ended.TrySetResult(sentence);
            Kill();
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The pipe went away with the process.
        }

        hello.TrySetException(new EndOfStreamException());
        ended.TrySetResult(sentence ?? Reasons.Sentence(ReasonCode.BridgeStopped));
        readOut.TrySetResult();
        FailAll();
    }

    // Its pipe may hold much that is still to be read, or be held open by somebody else: neither delays the news.
    private async Task NoticeExitAsync()
    {
        await process.WaitForExitAsync(CancellationToken.None);
        ended.TrySetResult(Reasons.Sentence(ReasonCode.BridgeStopped));
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        if (isDeaf)
            return;

        var head = FrameHead.Read(line);
        if (head.Re is { } answered)
        {
            if (pending.TryRemove(answered, out var waiting))
                waiting.Take(head);
        }
        else if (head.Event is not null && head.Id is not null)
        {
            listener(this, head);
        }
        else if (head.IsHello)
        {
            hello.TrySetResult(JsonSerializer.Deserialize(head.Body, BridgeJson.Default.Hello) ?? throw new JsonException("An empty hello."));
        }
        else if (head.Fault.Length > 0)
        {
            var fault = JsonSerializer.Deserialize(head.Fault, BridgeJson.Default.BridgeFault);
            hello.TrySetException(new BridgeRefusedException(fault?.Message ?? "The bridge can't run safely. Build the product again from its lock files."));
        }
        else
        {
            throw new JsonException("A frame of no known kind.");
        }
    }

    private async Task ReadLogAsync()
    {
        try
        {
            while (await process.StandardError.ReadLineAsync(CancellationToken.None) is { } line)
                BridgeLog.Write(logger, line, hello.Task.IsCompleted);
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // The pipe went away with the process.
        }
    }

    public void Kill()
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended already.
        }
    }

    private void FailAll()
    {
        foreach (var waiting in pending.Values)
            waiting.Fail(Gone());
    }

    private static ProviderRefusedException Gone() => new(ProviderRefusal.Failed, Reasons.Sentence(ReasonCode.BridgeStopped)!);

    private abstract class Pending
    {
        public abstract void Take(in FrameHead answer);

        public abstract void Fail(Exception failure);
    }

    private sealed class Pending<T>(JsonTypeInfo<T> type, Action? onAnswered) : Pending
    {
        private readonly TaskCompletionSource<T> source = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Answer => source.Task;

        public override void Take(in FrameHead answer)
        {
            if (answer.Fault.Length > 0)
            {
                source.TrySetException(Refusals.Read(JsonSerializer.Deserialize(answer.Fault, BridgeJson.Default.BridgeFault)));
                return;
            }

            var value = JsonSerializer.Deserialize(answer.Body, type) ?? throw new JsonException("An empty answer.");
            onAnswered?.Invoke();
            source.TrySetResult(value);
        }

        public override void Fail(Exception failure) => source.TrySetException(failure);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Bridge {Pid} runs Baileys {Baileys} on Node {Node}.")]
        public static partial void Started(ILogger logger, int pid, string baileys, string node);

        [LoggerMessage(Level = LogLevel.Error, Message = "Bridge {Pid} said something malformed and is stopped.")]
        public static partial void Malformed(ILogger logger, int pid);
    }
}
