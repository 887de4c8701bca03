using System.Net;
using System.Text.Json;
using RealtimeWa.Processes;

namespace RealtimeWa;

/// <summary>A person at a browser without a screen: a cookie, forms and the hub.</summary>
public sealed class Somebody
{
    private readonly TestApp app;

    public Somebody(TestApp app, string email)
    {
        this.app = app;
        Email = email;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = app.Url };
    }

    public string Email { get; }

    public CookieContainer Cookies { get; } = new();

    public HttpClient Http { get; }

    public async Task<HttpResponseMessage> SignInAsync(string password)
    {
        var token = await ProductProcess.AntiforgeryAsync(Http, "login", TestApp.Cancel);
        return await Http.PostAsync(
            new Uri("login", UriKind.Relative),
            new FormUrlEncodedContent([new("Email", Email), new("Password", password), new("__RequestVerificationToken", token)]),
            TestApp.Cancel);
    }

    /// <summary>A page that is open: it shows what the hub tells.</summary>
    public Task<Screen> OpenAsync() => Screen.OpenAsync(app.Url, Cookies);

    public Task<OperatorConnection> ConnectAsync(Action<string, JsonElement>? onTold = null) =>
        OperatorConnection.OpenAsync(app.Url, Cookies, onTold, TestApp.Cancel);
}
