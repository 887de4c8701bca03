using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace RealtimeWa;

/// <summary>How HTTP answers are read here: a status, and the whole body.</summary>
internal static class Answers
{
    public static async Task<JsonElement> ReadAsync(this HttpClient http, string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), TestApp.Cancel);
        return await Body(answer, expected);
    }

    public static async Task<JsonElement> SendAsync(
        this HttpClient http, HttpMethod method, string path, object? body, HttpStatusCode expected, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var answer = await http.SendAsync(request, TestApp.Cancel);
        return await Body(answer, expected);
    }

    /// <summary>A refusal: a problem document with this code, and with a sentence.</summary>
    public static void IsProblem(this JsonElement body, string code)
    {
        Assert.Equal(code, body.GetProperty("code").GetString());
        Assert.NotEqual("", body.GetProperty("detail").GetString());
        Assert.True(body.GetProperty("status").GetInt32() >= 400);
    }

    public static async Task<JsonElement> Body(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(TestApp.Cancel));
        Assert.True(answer.StatusCode == expected, $"{(int)answer.StatusCode} instead of {(int)expected}: {text}");
        if ((int)answer.StatusCode >= 400 && answer.StatusCode != HttpStatusCode.ServiceUnavailable)
        {
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }

        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }
}
