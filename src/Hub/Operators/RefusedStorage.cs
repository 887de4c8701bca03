using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;

namespace RealtimeWa;

/// <summary>What a browser asked could not be read or written: it gets the sentence, the log gets one line.</summary>
internal sealed partial class RefusedStorage(ILogger<RefusedStorage> logger) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(invocationContext);
        }
        catch (StorageRefusedException refused)
        {
            Log.Refused(logger, invocationContext.HubMethodName, refused.Message);
            throw new HubException(refused.Message, refused);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} was not answered: {Reason}")]
        public static partial void Refused(ILogger logger, string method, string reason);
    }
}
