namespace RealtimeWa;

/// <summary>How often one address may try to sign in: enough for an office behind one address, too little for guessing.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SignInLimitAttribute : Attribute, IRequestLimit
{
    public const int PerMinute = 60;

    public (string Name, int PerMinute)? Of(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) ? ($"sign-in {context.Connection.RemoteIpAddress}", PerMinute) : null;
}
