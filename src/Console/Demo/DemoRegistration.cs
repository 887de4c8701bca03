using Microsoft.AspNetCore.Mvc;

namespace RealtimeWa;

/// <summary>All that exists in the demo alone. Without <c>Demo:ControlUrl</c> it adds nothing.</summary>
public static class DemoRegistration
{
    /// <exception cref="StartRefusedException">The demo's phones are not on this machine.</exception>
    public static void AddDemo(this IServiceCollection services, IConfiguration configuration)
    {
        var options = configuration.GetSection("Demo").Get<DemoOptions>() ?? new DemoOptions();
        services.AddSingleton(options);
        if (options.ControlUrl is not { } control)
        {
            return;
        }

        if (!control.IsLoopback)
        {
            throw new StartRefusedException("Demo:ControlUrl is for emulated phones on this machine: write http://127.0.0.1 with their port, or take it away.");
        }

        services.AddSingleton(provider => new DemoPhones(
            new HttpClient { Timeout = TimeSpan.FromSeconds(10) },
            options,
            provider.GetRequiredService<SessionStore>(),
            provider.GetRequiredService<AccountStore>()));
        services.AddHostedService<DemoStart>();
    }

    public static void MapDemo(this WebApplication app)
    {
        if (app.Services.GetRequiredService<DemoOptions>().ControlUrl is null)
        {
            return;
        }

        app.MapPost("/accounts/{id:long}/demo-scan", async (DemoPhones phones, HttpContext context, long id, [FromForm] string? back) =>
        {
            await phones.ScanAsync(new(id), context.RequestAborted);
            return Back.To(back, said: null, $"pair={id.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
        }).RequireAuthorization(Policies.Manager).ExcludeFromDescription();
    }
}
