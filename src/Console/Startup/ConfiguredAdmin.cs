using Microsoft.Extensions.Localization;

namespace RealtimeWa;

/// <summary>Makes the first admin from <c>Setup:AdminEmail</c> and <c>Setup:AdminPassword</c>, for a first run without a browser.</summary>
public sealed class ConfiguredAdmin(IConfiguration configuration, IServiceScopeFactory scopes, FirstRun firstRun)
{
    /// <exception cref="StartRefusedException">The two settings can't become a person.</exception>
    public async Task AddAsync(CancellationToken cancellationToken)
    {
        var (email, password) = (configuration["Setup:AdminEmail"], configuration["Setup:AdminPassword"]);
        if (string.IsNullOrEmpty(email) && string.IsNullOrEmpty(password))
        {
            return;
        }

        if (string.IsNullOrEmpty(email) || string.IsNullOrEmpty(password))
        {
            throw new StartRefusedException("Setup:AdminEmail and Setup:AdminPassword make the first admin together: set both, or neither.");
        }

        if (!await firstRun.IsOpenAsync(cancellationToken))
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var name = configuration["Setup:AdminName"] is { Length: > 0 } given ? given : email.Split('@')[0];
        var refusal = await scope.ServiceProvider.GetRequiredService<People>().AddFirstAsync(email, name, password, cancellationToken);
        if (refusal is not (null or "person.not-first"))
        {
            var texts = scope.ServiceProvider.GetRequiredService<IStringLocalizer<Texts>>();
            throw new StartRefusedException($"Setup:AdminEmail and Setup:AdminPassword can't make the first admin: {texts[refusal, Passwords.MinimumLength].Value}");
        }
    }
}
