using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>The forms of the accounts page: they work without a script and come back to the page that they stand on.</summary>
public static class AccountForms
{
    /// <summary>Where the sentence of a refusal is kept until the page is drawn again.</summary>
    public const string Refused = "refused";

    public static void MapAccountForms(this IEndpointRouteBuilder routes)
    {
        var forms = routes.MapGroup("/accounts").ExcludeFromDescription();
        var manager = forms.MapGroup("").RequireAuthorization(Policies.Manager);
        var admin = forms.MapGroup("").RequireAuthorization(Policies.Admin);

        admin.MapPost("/add", async (AccountActions actions, HttpContext context, [FromForm] string? label, [FromForm] string? back) =>
        {
            var result = await actions.Add(context.User, label, context.RequestAborted);
            if (result.Account is { } added)
            {
                // Who adds a number has its phone at hand: the code is there when the page is.
                await actions.Pair(context.User, added.Id, context.RequestAborted);
            }

            return Answer(context, result, back, "said.account-added", result.Account?.Id);
        });
        admin.MapPost("/{id:long}/label", async (AccountActions actions, HttpContext context, long id, [FromForm] string? label, [FromForm] string? back) =>
            Answer(context, await actions.Relabel(context.User, new(id), label, context.RequestAborted), back, "said.account-renamed"));
        admin.MapPost("/{id:long}/delete", async (AccountActions actions, HttpContext context, long id, [FromForm] string? back) =>
            Answer(context, await actions.Delete(context.User, new(id), context.RequestAborted), back, "said.account-deleted"));
        manager.MapPost("/{id:long}/pair", async (AccountActions actions, HttpContext context, long id, [FromForm] string? back) =>
            Answer(context, await actions.Pair(context.User, new(id), context.RequestAborted), back, said: null, new AccountId(id)));
        manager.MapPost("/{id:long}/pair-by-code", async (AccountActions actions, HttpContext context, long id, [FromForm] string? phone, [FromForm] string? back) =>
            Answer(context, await actions.PairByCode(context.User, new(id), phone, context.RequestAborted), back, said: null, new AccountId(id)));
        manager.MapPost("/{id:long}/reconnect", async (AccountActions actions, HttpContext context, long id, [FromForm] string? back) =>
            Answer(context, await actions.Reconnect(context.User, new(id), context.RequestAborted), back, "said.account-reconnecting"));
        manager.MapPost("/{id:long}/stop", async (AccountActions actions, HttpContext context, long id, [FromForm] string? back) =>
            Answer(context, await actions.Stop(context.User, new(id), context.RequestAborted), back, "said.account-stopping"));
        manager.MapGet("/{id:long}/qr.svg", (SessionStore sessions, HttpContext context, long id) => QrPicture.AnswerAsync(sessions, context, id));
    }

    private static IResult Answer(HttpContext context, AccountResult result, string? back, string? said, AccountId? pairing = null)
    {
        if (result.Sentence is not { } sentence)
        {
            return pairing is { } id ? Back.To(back, said, $"pair={id}", $"account-{id}") : Back.To(back, said);
        }

        var kept = context.RequestServices.GetRequiredService<ITempDataDictionaryFactory>().GetTempData(context);
        kept[Refused] = Words(context.RequestServices, result.Refusal, sentence);
        kept.Save();
        return Back.To(back);
    }

    /// <summary>In the reader's language when a refusal has one meaning. What the database refuses has many causes: its own sentence names them.</summary>
    private static string Words(IServiceProvider services, AccountRefusal? refusal, string sentence)
    {
        if (refusal is not { } code)
        {
            return sentence;
        }

        var limits = services.GetRequiredService<IOptions<AccountLimits>>().Value;
        var words = services.GetRequiredService<IStringLocalizer<Texts>>()[$"refusal.{SnakeCase.ToName(code)}", limits.Max];
        return words.ResourceNotFound ? sentence : words.Value;
    }
}
