using System.Reflection;

namespace RealtimeWa;

/// <param name="Name">Class and field.</param>
internal sealed record Statement(string Name, Sql Sql);

/// <summary>
/// Every statement of the product. <see cref="Tx"/> takes nothing but <see cref="Sql"/>, and a <see cref="Sql"/> is made only as the
/// value of a static field: so the fields are all there are, and a test keeps it that way.
/// </summary>
internal static class Statements
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<Statement> All { get; } =
    [
        .. typeof(Sql).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(Static))
            .Where(field => field.FieldType == typeof(Sql))
            .Select(field => new Statement($"{field.DeclaringType!.Name}.{field.Name}", (Sql)field.GetValue(obj: null)!))
            .OrderBy(statement => statement.Name, StringComparer.Ordinal),
    ];
}
