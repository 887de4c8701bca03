using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quartz;

namespace RealtimeWa;

/// <summary>Everything that owns accounts: sections <c>Workers</c> and <c>Bridge</c>.</summary>
public static class WorkersRegistration
{
    /// <summary>
    /// Adds a worker to a host that has <see cref="DataRegistration.AddData"/>. Without <c>Workers:HubUrl</c> it speaks to the hub in the same
    /// process, which has to register <see cref="AcceptWorker"/>.
    /// </summary>
    public static IServiceCollection AddWorkers(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WorkersOptions>().Bind(configuration.GetSection(WorkersOptions.Section)).ValidateOnStart();
        services.AddOptions<BridgeOptions>().Bind(configuration.GetSection(BridgeOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WorkersOptions>, WorkersOptionsCheck>();
        services.AddSingleton<IValidateOptions<BridgeOptions>, BridgeOptionsCheck>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<WorkerIdentity>();
        services.AddSingleton<IProvider, BaileysProvider>();
        services.AddSingleton(Connections);
        services.AddSingleton<HubLink>();
        services.AddSingleton(Tools);
        services.AddSingleton<Supervisor>();
        services.AddSingleton(provider => new WorkerFacts(provider.GetRequiredService<WorkerIdentity>(), provider.GetRequiredService<ISchedulerFactory>()));
        services.AddHostedService(provider => provider.GetRequiredService<HubLink>());
        services.AddHostedService(provider => provider.GetRequiredService<Supervisor>());
        AddJobs(services, configuration.GetSection(WorkersOptions.Section).Get<WorkersOptions>() ?? new WorkersOptions());
        return services;
    }

    private static IConnectionFactory Connections(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<WorkersOptions>>().Value;
        return options.HubUrl is { } url
            ? new WebSocketConnections(url, options.Token ?? "")
            : new EmbeddedConnections(provider.GetService<AcceptWorker>()
                ?? throw new OptionsValidationException(
                    nameof(WorkersOptions), typeof(WorkersOptions), ["Workers:HubUrl is missing: a worker in a process of its own has to know where the hub is."]));
    }

    private static SessionTools Tools(IServiceProvider provider) => new(
        provider.GetRequiredService<AccountStore>(),
        provider.GetRequiredService<SessionStore>(),
        provider.GetRequiredService<InboundStore>(),
        provider.GetRequiredService<OutboxStore>(),
        provider.GetRequiredService<CommandStore>(),
        provider.GetRequiredService<IProvider>(),
        provider.GetRequiredService<HubLink>(),
        provider.GetRequiredService<IOptions<WorkersOptions>>().Value,
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<SessionActor>>());

    // In memory: every worker polls its own accounts, and a poll that was missed is worth nothing later.
    private static void AddJobs(IServiceCollection services, WorkersOptions options)
    {
        services.AddQuartz(quartz =>
        {
            quartz.UseInMemoryStore();
            Every<SweepJob>(quartz, options.Sweep);
            Every<LightPollJob>(quartz, options.LightPoll);
            Every<DeepPollJob>(quartz, options.DeepPoll);
            Every<PurgeJob>(quartz, TimeSpan.FromHours(1));
        });
        services.AddQuartzHostedService(hosted => hosted.WaitForJobsToComplete = true);
    }

    private static void Every<TJob>(IQuartzBuilder quartz, TimeSpan interval)
        where TJob : IJob =>
        quartz.ScheduleJob<TJob>(trigger => trigger
            .WithIdentity(typeof(TJob).Name)
            .StartAt(TimeProvider.System.GetUtcNow() + interval)
            .WithSimpleSchedule(schedule => schedule.WithInterval(interval).RepeatForever()));
}
