namespace RealtimeWa;

/// <summary>Where the program's own files are: beside it, wherever it was started from.</summary>
public static class ContentFolder
{
    public static string Root => AppContext.BaseDirectory;

    public static string WebRoot => Path.Combine(Root, "wwwroot");
}
