namespace RealtimeWa;

/// <summary>A text that links a phone. It prints as nothing, so that no log can hold it.</summary>
public readonly record struct Secret(string Text)
{
    public override string ToString() => "(secret)";
}
