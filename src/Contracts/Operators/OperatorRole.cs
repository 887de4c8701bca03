using System.Text.Json.Serialization;

namespace RealtimeWa;

/// <summary>Each role may do what the ones before it may.</summary>
[JsonConverter(typeof(SnakeCase<OperatorRole>))]
public enum OperatorRole
{
    /// <summary>Chats.</summary>
    Employee,

    /// <summary>Pairs, reconnects, stops accounts.</summary>
    Manager,

    /// <summary>Adds and deletes accounts and people.</summary>
    Admin,
}
