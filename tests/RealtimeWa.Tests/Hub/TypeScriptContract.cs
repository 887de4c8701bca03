using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace RealtimeWa;

/// <summary>Renders what a browser can see of <c>src/Contracts</c> as TypeScript: everything that is reachable from the hub's two interfaces.</summary>
internal static class TypeScriptContract
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static string Render(params Type[] roots)
    {
        var known = new SortedDictionary<string, Type>(StringComparer.Ordinal);
        foreach (var root in roots)
        {
            Collect(root, known);
        }

        var text = new StringBuilder();
        text.AppendLine("// Rendered from src/Contracts by TypeScriptContractTests; REALTIMEWA_UPDATE=1 makes that test write it anew.");
        foreach (var type in known.Values)
        {
            text.AppendLine().Append(Declaration(type));
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void Collect(Type type, SortedDictionary<string, Type> known)
    {
        type = Plain(type);
        if (type.Assembly != typeof(AccountId).Assembly || !known.TryAdd(type.Name, type))
        {
            return;
        }

        foreach (var member in type.IsInterface
            ? type.GetMethods().SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType))
            : IsId(type) || type.IsEnum ? [] : Properties(type).Select(property => property.PropertyType))
        {
            Collect(member, known);
        }
    }

    private static string Declaration(Type type)
    {
        if (type.IsEnum)
        {
            return $"export type {type.Name} = {string.Join(" | ", type.GetEnumNames().Select(name => $"'{JsonNamingPolicy.SnakeCaseLower.ConvertName(name)}'"))};\n";
        }

        if (IsId(type))
        {
            return $"export type {type.Name} = number;\n";
        }

        var members = type.IsInterface
            ? type.GetMethods().Select(Method)
            : Properties(type).Select(property => $"readonly {Camel(property.Name)}: {Reference(Nullability.Create(property))}");
        return $"export interface {type.Name} {{\n{string.Concat(members.Select(member => $"  {member};\n"))}}}\n";
    }

    private static string Method(MethodInfo method)
    {
        var parameters = method.GetParameters().Select(parameter => $"{parameter.Name}: {Reference(Nullability.Create(parameter))}");
        var returned = Nullability.Create(method.ReturnParameter);
        var result = returned.GenericTypeArguments is [var only] ? Reference(only) : "void";
        return string.Create(CultureInfo.InvariantCulture, $"{Camel(method.Name)}({string.Join(", ", parameters)}): Promise<{result}>");
    }

    private static string Reference(NullabilityInfo info)
    {
        var name = Name(info);
        return info.ReadState == NullabilityState.Nullable ? $"{name} | null" : name;
    }

    private static string Name(NullabilityInfo info)
    {
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var item = Reference(info.GenericTypeArguments[0]);
            return item.Contains(' ', StringComparison.Ordinal) ? $"readonly ({item})[]" : $"readonly {item}[]";
        }

        return type switch
        {
            _ when type == typeof(string) => "string",
            _ when type == typeof(bool) => "boolean",
            _ when type == typeof(int) || type == typeof(long) => "number",
            _ when type.Assembly == typeof(AccountId).Assembly => type.Name,
            _ => throw new NotSupportedException($"{type} has no TypeScript form yet."),
        };
    }

    private static PropertyInfo[] Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static Type Plain(Type type) => type.IsGenericType ? Plain(type.GetGenericArguments()[0]) : type;

    private static bool IsId(Type type) =>
        type.GetInterfaces().Any(each => each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IId<>));

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
