namespace RealtimeWa;

/// <summary>The two databases that RealtimeWa speaks.</summary>
public enum Dialect
{
    Sqlite,
    SqlServer,
}
