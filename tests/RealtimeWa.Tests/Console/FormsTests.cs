using System.Net;
using System.Text.Json;
using RealtimeWa.Processes;

namespace RealtimeWa;

/// <summary>The forms of the console: for whom they are, that they come from our own pages, and where they lead.</summary>
public sealed class FormsTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp app = shared.App;

    /// <summary>Every form of the accounts page with the least role that it asks for.</summary>
    public static TheoryData<string, OperatorRole> AccountForms => new()
    {
        { "add", OperatorRole.Admin },
        { "{id}/label", OperatorRole.Admin },
        { "{id}/delete", OperatorRole.Admin },
        { "{id}/pair", OperatorRole.Manager },
        { "{id}/pair-by-code", OperatorRole.Manager },
        { "{id}/reconnect", OperatorRole.Manager },
        { "{id}/stop", OperatorRole.Manager },
    };

    /// <summary>Every page with the least role that it asks for.</summary>
    public static TheoryData<string, OperatorRole> Pages => new()
    {
        { "/whatsapp/chat", OperatorRole.Employee },
        { "/settings/me", OperatorRole.Employee },
        { "/chat-clienti", OperatorRole.Manager },
        { "/accounts-management", OperatorRole.Admin },
        { "/settings/people", OperatorRole.Admin },
        { "/about", OperatorRole.Admin },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_for_its_role_and_those_above(string path, OperatorRole least)
    {
        foreach (var role in Enum.GetValues<OperatorRole>())
        {
            using var answer = await (await shared.As(role)).Http.GetAsync(new Uri(path, UriKind.Relative), TestApp.Cancel);
            Assert.Equal(role >= least ? HttpStatusCode.OK : HttpStatusCode.Redirect, answer.StatusCode is HttpStatusCode.Forbidden ? HttpStatusCode.Redirect : answer.StatusCode);
        }

        using var nobody = await app.Anybody().GetAsync(new Uri(path, UriKind.Relative), TestApp.Cancel);
        Assert.Contains("/login", nobody.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(AccountForms))]
    public async Task An_account_form_is_for_its_role_and_those_above(string form, OperatorRole least)
    {
        foreach (var role in Enum.GetValues<OperatorRole>())
        {
            var account = await app.Worker.AddAsync();
            using var answer = await PostAsync(await shared.As(role), $"accounts/{form.Replace("{id}", account.Id.ToString(), StringComparison.Ordinal)}", ("label", "Renamed"), ("back", "/whatsapp/chat"));
            var where = answer.Headers.Location?.OriginalString ?? "";
            Assert.Equal(role >= least, answer.StatusCode is HttpStatusCode.Redirect && where.StartsWith("/whatsapp/chat", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_form_from_elsewhere_does_nothing()
    {
        var admin = await shared.As(OperatorRole.Admin);
        var account = await app.Worker.AddAsync();
        using var form = new FormUrlEncodedContent([new("label", "Taken over")]);

        using var answer = await admin.Http.PostAsync(new Uri($"accounts/{account.Id}/label", UriKind.Relative), form, TestApp.Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(account.Label, (await app.Get<AccountStore>().Find(account.Id, TestApp.Cancel))!.Label);
    }

    [Theory]
    [InlineData("/chat-clienti?tab=accounts", "/chat-clienti?tab=accounts&said=said.account-renamed")]
    [InlineData("https://example.org/", "/?said=said.account-renamed")]
    [InlineData("//example.org/", "/?said=said.account-renamed")]
    [InlineData("/\\example.org/", "/?said=said.account-renamed")]
    [InlineData("", "/?said=said.account-renamed")]
    public async Task A_form_leads_back_to_a_page_of_ours(string back, string expected)
    {
        var account = await app.Worker.AddAsync();

        using var answer = await PostAsync(await shared.As(OperatorRole.Admin), $"accounts/{account.Id}/label", ("label", "Renamed"), ("back", back));

        Assert.Equal(expected, answer.Headers.Location!.OriginalString);
        Assert.Equal("Renamed", (await app.Get<AccountStore>().Find(account.Id, TestApp.Cancel))!.Label);
    }

    [Fact]
    public async Task A_refusal_is_told_on_the_page_that_the_form_stands_on()
    {
        var admin = await shared.As(OperatorRole.Admin);

        using var answer = await PostAsync(admin, "accounts/add", ("label", "  "), ("back", "/accounts-management"));
        var page = await admin.Http.GetStringAsync(answer.Headers.Location, TestApp.Cancel);

        Assert.Contains("data-testid=\"refused\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("data-testid=\"refused\"", await admin.Http.GetStringAsync(answer.Headers.Location, TestApp.Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ro", "Dă-i numărului un nume", "Un nume așa de lung", "Cerut de cineva de aici.")]
    [InlineData("es", "Pon un nombre al número", "Un nombre tan largo", "Pedido por alguien de aquí.")]
    public async Task A_refusal_speaks_the_readers_language(string language, string empty, string tooLong, string asked)
    {
        var admin = await app.SignInAsync(OperatorRole.Admin);
        using var chosen = await PostAsync(admin, "language", ("language", language), ("back", "/settings/me"));

        foreach (var (label, words) in new[] { ("  ", empty), (new string('x', 61), tooLong) })
        {
            using var answer = await PostAsync(admin, "accounts/add", ("label", label), ("back", "/accounts-management"));
            var page = WebUtility.HtmlDecode(await admin.Http.GetStringAsync(answer.Headers.Location, TestApp.Cancel));
            Assert.Contains(words, page.Split("data-testid=\"refused\"")[1].Split("<p>")[1].Split("</p>")[0], StringComparison.Ordinal);

            // The live parts say it themselves.
            using var texts = JsonDocument.Parse(page.Split("id=\"texts\">")[1].Split("</script>")[0]);
            Assert.Contains(words, texts.RootElement.GetProperty(label.Length > 60 ? "refusal.label_too_long" : "refusal.empty_label").GetString(), StringComparison.Ordinal);
            Assert.Equal(asked, texts.RootElement.GetProperty($"detail.{TransitionView.AskedByPerson}").GetString());
        }
    }

    [Fact]
    public async Task The_address_puts_no_words_into_a_page()
    {
        var admin = await shared.As(OperatorRole.Admin);

        foreach (var said in new[] { "said.no-such-sentence", "people.title", "<b>hello</b>" })
        {
            Assert.DoesNotContain("data-testid=\"said\"", await admin.Http.GetStringAsync(new Uri($"accounts-management?said={Uri.EscapeDataString(said)}", UriKind.Relative), TestApp.Cancel), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("theme", "dark", "data-theme=\"dark\"")]
    [InlineData("language", "ro", "<html lang=\"ro\"")]
    public async Task A_choice_is_kept_for_the_next_page(string choice, string value, string shown)
    {
        var somebody = await app.SignInAsync(OperatorRole.Employee);
        var before = await somebody.Http.GetStringAsync(new Uri("settings/me", UriKind.Relative), TestApp.Cancel);

        using var unknown = await PostAsync(somebody, choice, (choice, "no-such"), ("back", "/settings/me"));
        Assert.DoesNotContain(shown, await somebody.Http.GetStringAsync(new Uri("settings/me", UriKind.Relative), TestApp.Cancel), StringComparison.Ordinal);
        using var answer = await PostAsync(somebody, choice, (choice, value), ("back", "/settings/me"));
        var after = await somebody.Http.GetStringAsync(answer.Headers.Location, TestApp.Cancel);

        Assert.DoesNotContain(shown, before, StringComparison.Ordinal);
        Assert.Contains(shown, after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_browsers_wish_decides_while_nobody_has_chosen()
    {
        using var http = app.Anybody();
        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("fr-FR, es;q=0.8, en;q=0.5");

        Assert.Contains("<html lang=\"es\"", await http.GetStringAsync(new Uri("login", UriKind.Relative), TestApp.Cancel), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> PostAsync(Somebody somebody, string form, params (string Name, string Value)[] fields)
    {
        var token = await ProductProcess.AntiforgeryAsync(somebody.Http, "settings/me", TestApp.Cancel);
        using var body = new FormUrlEncodedContent([.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)), new("__RequestVerificationToken", token)]);
        return await somebody.Http.PostAsync(new Uri(form, UriKind.Relative), body, TestApp.Cancel);
    }
}
