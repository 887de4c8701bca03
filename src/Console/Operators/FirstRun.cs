using System.Security.Cryptography;
using System.Text;

namespace RealtimeWa;

/// <summary>The way in while there is nobody: a token that stands in the log of whoever started the product.</summary>
public sealed class FirstRun(OperatorStore operators)
{
    private readonly string token = RandomNumberGenerator.GetHexString(32, lowercase: true);

    private volatile bool isOver;

    /// <summary>Once over, it stays over: removing people does not open it again.</summary>
    public async Task<bool> IsOpenAsync(CancellationToken cancellationToken)
    {
        if (!isOver && !await operators.IsEmpty(cancellationToken))
        {
            isOver = true;
        }

        return !isOver;
    }

    public bool Fits(string? given) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given ?? ""), Encoding.UTF8.GetBytes(token));

    public string PathAndQuery => $"/setup/first-run?token={token}";
}
