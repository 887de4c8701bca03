using Microsoft.Extensions.Logging;

namespace RealtimeWa;

/// <summary>What every actor of a worker shares.</summary>
internal sealed record SessionTools(
    AccountStore Accounts,
    SessionStore Sessions,
    InboundStore Inbound,
    OutboxStore Outbox,
    CommandStore Commands,
    IProvider Provider,
    HubLink Hub,
    WorkersOptions Options,
    TimeProvider Time,
    ILogger<SessionActor> Logger);
