using System.Net.Mime;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace RealtimeWa;

/// <summary>The OpenAPI document of what programs may ask.</summary>
public static class ApiDocument
{
    public const string Name = "v1";

    public const string Route = "/openapi/{documentName}.json";

    private const string Key = "key";

    private const string Token = "token";

    private const string Cookie = "cookie";

    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "RealtimeWa",
                Version = Name,
                Description = "Sessions, messages and health of linked WhatsApp numbers. Refusals are problem documents (RFC 9457) with a stable member 'code'.",
            };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                [Key] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "x-api-key", Description = "One of Api:Keys." },
                [Token] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "Gateway:AdminToken." },
                [Cookie] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "operator", Description = "Of an operator who signed in; on TLS its name begins with __Host-." },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(AddBodyAsync);
        options.AddOperationTransformer(AddSecurity);
    }

    private static Task AddSecurity(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var policies = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Select(data => data.Policy).OfType<string>().ToList();
        string[] accepted = policies.Contains(Policies.Gateway, StringComparer.Ordinal) ? [Token]
            : policies.Exists(policy => Enum.GetValues<OperatorRole>().Any(role => string.Equals(policy, Policies.ProgramOr(role), StringComparison.Ordinal))) ? [Key, Cookie]
            : policies.Count > 0 ? [Cookie]
            : [];
        operation.Security = [.. accepted.Select(scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] })];
        return Task.CompletedTask;
    }

    private static async Task AddBodyAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<TakesJson>().FirstOrDefault() is not { } takes)
        {
            return;
        }

        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                [MediaTypeNames.Application.Json] = new OpenApiMediaType { Schema = await context.GetOrCreateSchemaAsync(takes.Type, cancellationToken: cancellationToken) },
            },
        };
    }
}
