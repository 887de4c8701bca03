using System.Net.Mime;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace RealtimeWa;

/// <summary>The OpenAPI document of what programs may ask.</summary>
public static class ApiDocument
{
    public const string Name = "v1";

    public const string Route = "/openapi/{documentName}.json";

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
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(AddBodyAsync);
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
