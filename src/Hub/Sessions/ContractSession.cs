using System.Text.Json.Serialization;

namespace RealtimeWa;

/// <summary>A session as the session-manager contract has it; enums are those of the contract, unchanged.</summary>
/// <param name="QrString">For whoever may pair; nothing for others.</param>
public sealed record ContractSession(
    [property: JsonPropertyName("instance_id")] string InstanceId,
    [property: JsonPropertyName("account_label")] string AccountLabel,
    [property: JsonPropertyName("phone_number")] string? PhoneNumber,
    [property: JsonPropertyName("status")] SessionStatus Status,
    [property: JsonPropertyName("qr_status")] QrStatus QrStatus,
    [property: JsonPropertyName("qr_string")] string? QrString,
    [property: JsonPropertyName("qr_expires_at")] DateTime? QrExpiresAt,
    [property: JsonPropertyName("reason_code")] ReasonCode ReasonCode,
    [property: JsonPropertyName("operator_action")] OperatorAction OperatorAction,
    [property: JsonPropertyName("last_error_message")] string? LastErrorMessage,
    [property: JsonPropertyName("last_connected_at")] DateTime? LastConnectedAt,
    [property: JsonPropertyName("last_message_at")] DateTime? LastMessageAt,
    [property: JsonPropertyName("updated_at")] DateTime UpdatedAt)
{
    internal static ContractSession Of(AccountView account, QrView? qr) => new(
        account.InstanceId,
        account.Label,
        account.Phone is { } phone ? $"+{phone}" : null,
        account.Session.Status,
        account.Session.QrStatus,
        qr?.Qr,
        Instant.Of(qr?.ExpiresAt ?? account.Session.QrExpiresAt),
        account.Session.Reason,
        account.Session.Action,
        account.Session.LastError,
        Instant.Of(account.Session.LastConnectedAt),
        Instant.Of(account.Session.LastMessageAt),
        Instant.Of(account.Session.UpdatedAt));
}

/// <summary>A code that was asked for.</summary>
public sealed record ContractQr(
    [property: JsonPropertyName("instance_id")] string InstanceId,
    [property: JsonPropertyName("status")] SessionStatus Status,
    [property: JsonPropertyName("qr_status")] QrStatus QrStatus,
    [property: JsonPropertyName("qr_string")] string QrString,
    [property: JsonPropertyName("qr_expires_at")] DateTime QrExpiresAt);

/// <summary>What a client's page shows: the code, or that a scanned one is being used.</summary>
public sealed record ClientQr(
    [property: JsonPropertyName("ok")] bool Ok,
    [property: JsonPropertyName("status"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SessionStatus? Status = null,
    [property: JsonPropertyName("qr_string"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? QrString = null,
    [property: JsonPropertyName("qr_expires_at"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTime? QrExpiresAt = null);

public sealed record Reconnected(bool Success, string Message);
