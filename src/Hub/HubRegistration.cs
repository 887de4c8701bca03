using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>The hub as a part of a web application: services, then routes.</summary>
public static class HubRegistration
{
    /// <summary>A text of 65,536 characters in JSON, every one of them escaped, and what is around it.</summary>
    private const long LargestMessage = 512 * 1024;

    public static IServiceCollection AddHub(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccountLimits>().Bind(configuration.GetSection("Accounts")).ValidateDataAnnotations().ValidateOnStart();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, WorkerToken>(WorkerToken.SchemeName, configureOptions: null);
        services.Configure<AuthorizationOptions>(Policies.Add);
        services.AddSignalR(options =>
        {
            options.MaximumReceiveMessageSize = LargestMessage;
            options.EnableDetailedErrors = false;
            // A browser takes the hub for gone after 15 s of silence.
            options.KeepAliveInterval = TimeSpan.FromSeconds(5);
            options.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
            // One at a time: two texts sent one after the other stay in that order.
            options.MaximumParallelInvocationsPerClient = 1;
        }).AddHubOptions<OperatorHub>(options => options.AddFilter<RefusedStorage>());
        services.AddSingleton<Fan>().AddSingleton<Permissions>().AddSingleton<Reading>().AddSingleton<Sending>().AddSingleton<WorkerBell>();
        services.AddSingleton(provider => new AccountActions(
            provider.GetRequiredService<AccountStore>(),
            provider.GetRequiredService<CommandStore>(),
            provider.GetRequiredService<Permissions>(),
            provider.GetRequiredService<EventTail>(),
            provider.GetRequiredService<WorkerBell>(),
            provider.GetRequiredService<IOptions<AccountLimits>>()));
        services.AddSingleton<Health>();
        services.AddSingleton<EventTail>().AddHostedService(provider => provider.GetRequiredService<EventTail>());
        services.AddSingleton<Connections>().AddHostedService(provider => provider.GetRequiredService<Connections>());
        services.AddSingleton<WorkerDoor>();
        services.AddSingleton<AcceptWorker>(provider => provider.GetRequiredService<WorkerDoor>().AcceptAsync);
        return services;
    }

    /// <summary>Call it after authentication and authorization.</summary>
    public static void MapHub(this WebApplication app)
    {
        // Made now, because it counts the uptime from here.
        app.Services.GetRequiredService<Health>();
        app.UseSameOrigin("/hubs/operator");
        app.MapHub<OperatorHub>("/hubs/operator", Sockets);
        app.MapHub<WorkerHub>("/hubs/worker", Sockets);
        app.MapGet("/health", async (Health health, HttpContext context) =>
        {
            var now = await health.ReadAsync(context.RequestAborted);
            context.Response.Headers.CacheControl = "no-store";
            return Results.Json(now, statusCode: now.Status is "error" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
        }).AllowAnonymous().WithName("Health");
    }

    // Only WebSockets: long polling and server-sent events have no use where every browser has them.
    private static void Sockets(HttpConnectionDispatcherOptions options) => options.Transports = HttpTransportType.WebSockets;
}
