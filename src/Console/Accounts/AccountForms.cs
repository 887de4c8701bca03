using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace RealtimeWa;

/// <summary>The forms of the accounts page: they work without a script and come back to the page that they stand on.</summary>
public static class AccountForms
{
    /// <summary>Where the sentence of a refusal is kept until the page is drawn again.</summary>
    public const string Refused = "refused";

    public static void MapAccountForms(this IEndpointRouteBuilder routes)
    {
        var forms = routes.MapGroup("/accounts").ExcludeFromDescription();
        var manager = forms.MapGroup("").RequireAuthorization(Access.Manager);
        var admin = forms.MapGroup("").RequireAuthorization(Access.Admin);

        admin.MapPost("/add", async (AccountAsks asks, HttpContext context, [FromForm] string? label, [FromForm] string? back) =>
        {
            var result = await asks.AddAsync(label ?? "", context.RequestAborted);
            return Answer(context, result, back, "said.account-added", result.Account?.Id);
        });
        admin.MapPost("/{id:long}/label", async (AccountAsks asks, HttpContext context, long id, [FromForm] string? label, [FromForm] string? back) =>
            Answer(context, await asks.RelabelAsync(new(id), label ?? "", context.RequestAborted), back, "said.account-renamed"));
        admin.MapPost("/{id:long}/delete", async (AccountAsks asks, HttpContext context, long id, [FromForm] string? back) =>
            Answer(context, await asks.DeleteAsync(new(id), context.RequestAborted), back, "said.account-deleted"));
        manager.MapPost("/{id:long}/pair", async (AccountAsks asks, HttpContext context, long id, [FromForm] string? back) =>
            Answer(context, await asks.PairAsync(new(id), context.RequestAborted), back, said: null, new AccountId(id)));
        manager.MapPost("/{id:long}/pair-by-code", async (AccountAsks asks, HttpContext context, long id, [FromForm] string? phone, [FromForm] string? back) =>
            Answer(context, await asks.PairByCodeAsync(new(id), phone ?? "", context.RequestAborted), back, said: null, new AccountId(id)));
        manager.MapPost("/{id:long}/reconnect", async (AccountAsks asks, HttpContext context, long id, [FromForm] string? back) =>
            Answer(context, await asks.ReconnectAsync(new(id), context.RequestAborted), back, "said.account-reconnecting"));
        manager.MapPost("/{id:long}/stop", async (AccountAsks asks, HttpContext context, long id, [FromForm] string? back) =>
            Answer(context, await asks.StopAsync(new(id), context.RequestAborted), back, "said.account-stopping"));
        manager.MapGet("/{id:long}/qr.svg", QrPicture.AnswerAsync);
    }

    private static IResult Answer(HttpContext context, AccountResult result, string? back, string? said, AccountId? pairing = null)
    {
        if (result.Sentence is not { } sentence)
        {
            return pairing is { } id ? Back.To(back, said, $"pair={id}", $"account-{id}") : Back.To(back, said);
        }

        var kept = context.RequestServices.GetRequiredService<ITempDataDictionaryFactory>().GetTempData(context);
        kept[Refused] = sentence;
        kept.Save();
        return Back.To(back);
    }
}
