using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace RealtimeWa;

/// <summary>Says that an endpoint takes a body, for the OpenAPI document; the endpoint reads it with <see cref="JsonBody"/>.</summary>
public sealed record TakesJson(Type Type);

/// <summary>Reads a body that must say that it is JSON, and must not be large.</summary>
internal static class JsonBody
{
    /// <summary>A text of 65,536 characters in JSON, every one of them escaped, and what is around it.</summary>
    public const int Largest = 512 * 1024;

    /// <summary>Either the body, or why not.</summary>
    public static async Task<(T? Body, IResult? Refusal)> ReadAsync<T>(HttpContext context)
        where T : class
    {
        if (!IsJson(context.Request.ContentType))
        {
            return (null, Problems.Of(StatusCodes.Status415UnsupportedMediaType));
        }

        try
        {
            return await context.Request.ReadFromJsonAsync<T>(context.RequestAborted) is { } body ? (body, null) : (null, Unreadable());
        }
        catch (BadHttpRequestException refused)
        {
            return (null, Problems.Of(refused.StatusCode));
        }
        catch (JsonException)
        {
            return (null, Unreadable());
        }
    }

    /// <summary>Also an endpoint that takes no body refuses a large one at once.</summary>
    public static TBuilder LimitBody<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new RequestSizeLimitAttribute(Largest)).AddEndpointFilter(static (invocation, next) =>
            invocation.HttpContext.Request.ContentLength > Largest
                ? ValueTask.FromResult<object?>(Problems.Of(StatusCodes.Status413PayloadTooLarge))
                : next(invocation));

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));

    private static IResult Unreadable() => Problems.Of(
        StatusCodes.Status400BadRequest, "INVALID_JSON", "The body is not the JSON that is expected here. Compare it with /openapi/v1.json.");
}
