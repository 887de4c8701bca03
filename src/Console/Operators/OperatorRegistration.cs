using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;

namespace RealtimeWa;

public static class OperatorRegistration
{
    private const int WrongPasswords = 5;

    private static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);

    /// <summary>Sign-in with ASP.NET Core Identity on our own store.</summary>
    /// <param name="isTls">Cookies then have the prefix <c>__Host-</c> and never leave TLS.</param>
    public static IServiceCollection AddOperators(this IServiceCollection services, bool isTls)
    {
        services.AddSingleton<IUserStore<Operator>>(provider => provider.GetRequiredService<OperatorStore>());
        services.AddScoped<IUserClaimsPrincipalFactory<Operator>, OperatorClaims>();
        services.AddIdentityCore<Operator>(options =>
        {
            options.Lockout.MaxFailedAccessAttempts = WrongPasswords;
            options.Lockout.DefaultLockoutTimeSpan = LockedFor;
            options.ClaimsIdentity.SecurityStampClaimType = OperatorClaims.Stamp;
        }).AddSignInManager();
        services.AddAuthentication(Caller.SchemeName).AddCookie(IdentityConstants.ApplicationScheme, options => Cookie(options, isTls));

        // Whatever forgets to say who may see it is for people who are signed in; a program may ask only where programs do.
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(
            context => Policies.RoleOf(context.User) is not null || (context.Resource is HttpContext asked && Paths.IsForPrograms(asked))).Build());
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = isTls ? "__Host-form" : "form";
            options.Cookie.SecurePolicy = isTls ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            options.Cookie.SameSite = SameSiteMode.Strict;
        });
        return services.AddSingleton<OperatorCookie>().AddSingleton<SignInTurns>().AddSingleton<FirstRun>().AddScoped<SignIn>().AddScoped<People>();
    }

    private static void Cookie(CookieAuthenticationOptions options, bool isTls)
    {
        options.Cookie.Name = isTls ? "__Host-operator" : "operator";
        options.Cookie.SecurePolicy = isTls ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.Path = "/";
        options.ExpireTimeSpan = TimeSpan.FromDays(14);
        options.SlidingExpiration = true;
        options.LoginPath = "/login";
        options.LogoutPath = "/logout";
        options.ReturnUrlParameter = "returnUrl";
        options.EventsType = typeof(OperatorCookie);
    }
}
