using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RealtimeWa;

/// <summary>The HTTP API as a part of the hub: who may ask, how often, and the routes of every noun.</summary>
internal static class ApiRegistration
{
    public static void AddApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ApiOptions>().Bind(configuration.GetSection("Api")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiOptions>, ApiOptions.Check>();
        services.AddOptions<GatewayOptions>().Bind(configuration.GetSection("Gateway")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptions.Check>();
        services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, ApiKey>(ApiKey.SchemeName, configureOptions: null)
            .AddScheme<AuthenticationSchemeOptions, GatewayToken>(GatewayToken.SchemeName, configureOptions: null)
            .AddPolicyScheme(Caller.SchemeName, displayName: null, Caller.Choose);
        services.AddSingleton<RequestLimits>().AddSingleton<Health>().AddSingleton<QrRequests>().AddSingleton<SessionRequests>().AddSingleton<GatewaySessions>();
    }

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        HealthRoutes.Map(routes);
        SessionRoutes.Map(routes);
        DuplicateRoutes.Map(routes);
        GatewayRoutes.Map(routes);
    }
}
