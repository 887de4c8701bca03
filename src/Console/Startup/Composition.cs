using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Mvc;

namespace RealtimeWa;

/// <summary>What the product is made of. Tests build the same and put a double only where the world begins.</summary>
public static class Composition
{
    /// <exception cref="StartRefusedException">A setting makes no sense.</exception>
    /// <exception cref="StorageRefusedException">The database can't be used.</exception>
    public static async Task<WebApplication> BuildAsync(string[] args, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(Composition).Assembly.GetName().Name,
            ContentRootPath = ContentFolder.Root,
            WebRootPath = ContentFolder.WebRoot,
        });
        var addresses = ListenAddresses.Read(builder.Configuration);
        if (addresses.Urls.Count > 0)
        {
            builder.WebHost.UseUrls([.. addresses.Urls]);
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        Logs.Configure(builder);
        Add(builder, addresses);
        var app = builder.Build();
        Ports.RefuseTaken(addresses);
        await app.Services.GetRequiredService<Database>().OpenAsync(cancellationToken);
        await app.Services.GetRequiredService<ConfiguredAdmin>().AddAsync(cancellationToken);
        Use(app, addresses);
        return app;
    }

    private static void Add(WebApplicationBuilder builder, ListenAddresses addresses)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        services.AddSingleton(TimeProvider.System).AddSingleton(addresses);
        services.AddData(configuration);
        services.AddHub(configuration);
        services.AddOperators(addresses.IsTls);
        if (configuration.GetValue("Workers:Embedded", defaultValue: true))
        {
            services.AddWorkers(configuration);
        }

        services.AddDemo(configuration);
        services.AddLocalization().Configure<RequestLocalizationOptions>(Language.Configure);
        services.AddRazorPages();
        services.Configure<MvcOptions>(options => options.Filters.Add(new ResponseCacheAttribute { NoStore = true, Location = ResponseCacheLocation.None }));
        services.AddOpenApi(ApiDocument.Name, ApiDocument.Describe);
        services.AddProblemDetails().AddExceptionHandler<ProgramFailures>();
        services.AddHsts(options => options.MaxAge = TimeSpan.FromDays(365));
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var proxy in TrustedProxies.Read(configuration))
            {
                options.KnownProxies.Add(proxy);
            }
        });
        services.AddScoped<ShellReader>().AddScoped<AccountPageReader>().AddSingleton<AboutReader>().AddSingleton<BrowserTexts>();
        services.AddSingleton<Greeting>().AddSingleton<ConfiguredAdmin>();
    }

    private static void Use(WebApplication app, ListenAddresses addresses)
    {
        if (TrustedProxies.Read(app.Configuration).Count > 0)
        {
            app.UseForwardedHeaders();
        }

        app.UseMiddleware<SecurityHeaders>();
        app.UseRequestLocalization();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error",
            StatusCodeSelector = failure => failure is StorageRefusedException ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
        });
        if (addresses.IsTls)
        {
            app.UseHsts();
            app.UseHttpsRedirection();
        }

        app.UseMiddleware<LocalhostName>();
        app.UseWhen(Paths.IsPage, pages => pages.UseStatusCodePagesWithReExecute("/error"));
        app.UseWhen(Paths.IsForPrograms, programs => programs.UseStatusCodePages(wordless =>
            Problems.Of(wordless.HttpContext.Response.StatusCode).ExecuteAsync(wordless.HttpContext)));
        app.UseStaticFiles();
        app.UseRouting();
        app.UseHub();
        app.UseAuthentication();
        // After authentication: limits are counted by key and person where there is one.
        app.UseMiddleware<RequestLimits>();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapHub();
        app.MapOpenApi(ApiDocument.Route).AllowAnonymous();
        app.MapDemo();
        app.MapRazorPages();
        app.MapOperatorForms();
        app.MapAccountForms();
    }
}
