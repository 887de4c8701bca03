using Microsoft.Extensions.Localization;

[assembly: RootNamespace("RealtimeWa")]

namespace RealtimeWa;

/// <summary>Names the resource files <c>Resources/Texts*.resx</c>: every sentence that a person reads stands there.</summary>
public sealed class Texts
{
    private Texts()
    {
    }
}
