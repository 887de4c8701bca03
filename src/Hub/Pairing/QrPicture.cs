using System.Text;
using Microsoft.AspNetCore.Http;
using QRCoder;

namespace RealtimeWa;

/// <summary>The QR that links a phone, as a picture. It is a secret of whoever may pair: never kept, never logged.</summary>
public static class QrPicture
{
    /// <summary>Modules of light around the code; the standard (ISO/IEC 18004) asks for four.</summary>
    private const int QuietZone = 4;

    /// <summary>Pixels of a module: whole ones, so that every module is as sharp and as wide as the next.</summary>
    private const int Scale = 4;

    public static async Task<IResult> AnswerAsync(SessionStore sessions, HttpContext context, long id)
    {
        context.Response.Headers.CacheControl = "no-store";
        var code = await sessions.Qr(new AccountId(id), context.RequestAborted);
        return code?.Qr is { } text ? Results.Text(Draw(text), "image/svg+xml", Encoding.UTF8) : Results.NotFound();
    }

    public static string DataUrl(string text) => $"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(Draw(text)))}";

    /// <summary>Dark on light in every theme: phones look for that.</summary>
    public static string Draw(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);

        // The generator's own quiet zone is part of its matrix.
        var modules = code.ModuleMatrix;
        var first = modules.FindIndex(row => row.Cast<bool>().Contains(true));
        var size = modules.Count - (2 * first) + (2 * QuietZone);
        var path = new StringBuilder();
        for (var y = first; y < modules.Count - first; y++)
        {
            for (var x = first; x < modules.Count - first; x++)
            {
                if (modules[y][x])
                {
                    path.Append('M').Append(x - first + QuietZone).Append(' ').Append(y - first + QuietZone).Append("h1v1h-1z");
                }
            }
        }

        return $"""<svg xmlns="http://www.w3.org/2000/svg" width="{size * Scale}" height="{size * Scale}" viewBox="0 0 {size} {size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{path}"/></svg>""";
    }
}
