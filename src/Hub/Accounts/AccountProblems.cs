using Microsoft.AspNetCore.Http;

namespace RealtimeWa;

/// <summary>Refusals of <see cref="AccountActions"/> as problem documents.</summary>
internal static class AccountProblems
{
    public static IResult Of(AccountResult refused)
    {
        var sentence = refused.Sentence ?? "";
        return refused.Refusal switch
        {
            AccountRefusal.NotFound => Problems.NoSession(),
            AccountRefusal.AlreadyConnected => Problems.Of(StatusCodes.Status409Conflict, "SESSION_ALREADY_CONNECTED", sentence),
            AccountRefusal.TooMany => Problems.Of(StatusCodes.Status409Conflict, "TOO_MANY_ACCOUNTS", sentence),
            AccountRefusal.InstanceTaken => Problems.Of(StatusCodes.Status409Conflict, "INSTANCE_TAKEN", sentence),
            AccountRefusal.EmptyLabel or AccountRefusal.LabelTooLong => Problems.Of(StatusCodes.Status400BadRequest, "INVALID_LABEL", sentence),
            AccountRefusal.Forbidden => Problems.Of(StatusCodes.Status403Forbidden),
            AccountRefusal.NotStored => Problems.NotStored(sentence),
            _ => Problems.Of(StatusCodes.Status400BadRequest),
        };
    }
}
