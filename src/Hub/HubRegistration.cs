using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>The hub as a part of a web application: services, then routes.</summary>
public static class HubRegistration
{
    public static IServiceCollection AddHub(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccountLimits>().Bind(configuration.GetSection("Accounts")).ValidateDataAnnotations().ValidateOnStart();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, WorkerToken>(WorkerToken.SchemeName, configureOptions: null);
        services.Configure<AuthorizationOptions>(Policies.Add);
        services.AddApi(configuration);
        services.AddSignalR(options =>
        {
            options.MaximumReceiveMessageSize = JsonBody.Largest;
            options.EnableDetailedErrors = false;
            // A browser takes the hub for gone after 15 s of silence.
            options.KeepAliveInterval = TimeSpan.FromSeconds(5);
            options.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
            // One at a time: two texts sent one after the other stay in that order.
            options.MaximumParallelInvocationsPerClient = 1;
        }).AddHubOptions<OperatorHub>(options =>
        {
            options.AddFilter<CallLimit>();
            options.AddFilter<RefusedStorage>();
        });
        services.AddSingleton<CallLimit>().AddSingleton<Fan>().AddSingleton<Permissions>().AddSingleton<Reading>().AddSingleton<Sending>();
        services.AddHostedService<WorkerBell>();
        services.AddSingleton(provider => new AccountActions(
            provider.GetRequiredService<AccountStore>(),
            provider.GetRequiredService<CommandStore>(),
            provider.GetRequiredService<Permissions>(),
            provider.GetRequiredService<IOptions<AccountLimits>>()));
        services.AddSingleton<EventTail>().AddHostedService(provider => provider.GetRequiredService<EventTail>());
        services.AddSingleton<Connections>().AddHostedService(provider => provider.GetRequiredService<Connections>());
        services.AddSingleton<WorkerDoor>();
        services.AddSingleton<AcceptWorker>(provider => provider.GetRequiredService<WorkerDoor>().AcceptAsync);
        return services;
    }

    /// <summary>Call it before authentication.</summary>
    public static void UseHub(this WebApplication app) => app.UseSameOrigin("/hubs/operator");

    /// <summary>Call it after authentication and authorization.</summary>
    public static void MapHub(this WebApplication app)
    {
        // Made now, because it counts the uptime from here.
        app.Services.GetRequiredService<Health>();
        app.MapHub<OperatorHub>("/hubs/operator", Sockets);
        app.MapHub<WorkerHub>("/hubs/worker", Sockets);
        app.MapApi();
    }

    // Only WebSockets: long polling and server-sent events have no use where every browser has them.
    private static void Sockets(HttpConnectionDispatcherOptions options) => options.Transports = HttpTransportType.WebSockets;
}
