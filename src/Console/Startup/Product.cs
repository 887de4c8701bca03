using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Serilog;

namespace RealtimeWa;

/// <summary>Starts the product and runs it until it is stopped. What keeps it from starting is one sentence and an exit code, never a stack trace.</summary>
public static class Product
{
    public const int Refused = 1;

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var app = await Composition.BuildAsync(args, CancellationToken.None);
            try
            {
                await app.StartAsync();
            }
            catch (IOException failure) when (failure.InnerException is AddressInUseException)
            {
                throw new StartRefusedException(Ports.InUse(app.Services.GetRequiredService<ListenAddresses>().First), failure);
            }

            await app.Services.GetRequiredService<Greeting>().SayAsync(CancellationToken.None);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (StartRefusedException refusal)
        {
            return Say(refusal.Message);
        }
        catch (StorageRefusedException refusal)
        {
            return Say(refusal.Message);
        }
        catch (OptionsValidationException refusal)
        {
            return Say(string.Join(Environment.NewLine, refusal.Failures));
        }
        catch (OperationCanceledException)
        {
            // Stopped while it was still starting.
            return 0;
        }
        catch (Exception surprise)
        {
            Log.Fatal(surprise, "The start failed.");
            return Say($"RealtimeWa could not start: {surprise.Message} The log file says more.");
        }
        finally
        {
            await Log.CloseAndFlushAsync();
        }
    }

    private static int Say(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return Refused;
    }
}
