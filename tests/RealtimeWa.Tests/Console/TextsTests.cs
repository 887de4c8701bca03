using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace RealtimeWa;

/// <summary>The console says the same in each of its languages.</summary>
public sealed partial class TextsTests
{
    [Fact]
    public void There_is_a_file_for_each_language_that_can_be_chosen()
    {
        var files = Directory.EnumerateFiles(Folder, "Texts.*.resx").Select(file => Path.GetFileName(file).Split('.')[1]);

        Assert.Equal(Language.All.Skip(1).Select(language => language.Code).Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ro")]
    [InlineData("es")]
    public void Each_language_has_the_same_sentences_with_the_same_gaps(string code)
    {
        var english = Read("Texts.resx");
        var other = Read($"Texts.{code}.resx");

        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), other.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(english.Where(text => !Gaps(text.Value).SetEquals(Gaps(other[text.Key]))).Select(text => text.Key));
        Assert.Empty(other.Where(text => string.IsNullOrWhiteSpace(text.Value)).Select(text => text.Key));
    }

    /// <summary>What the database refuses has many causes, and a sentence of its own for each.</summary>
    [Fact]
    public void Every_refusal_with_one_meaning_has_its_sentence()
    {
        var english = Read("Texts.resx");

        Assert.All(Enum.GetValues<AccountRefusal>().Except([AccountRefusal.NotStored]), refusal => Assert.Contains($"refusal.{SnakeCase.ToName(refusal)}", english.Keys));
        Assert.Contains($"detail.{TransitionView.AskedByPerson}", english.Keys);
    }

    /// <summary>A sentence that was forgotten stands there in English: few words are the same in two languages.</summary>
    [Theory]
    [InlineData("ro")]
    [InlineData("es")]
    public void Whole_sentences_are_translated(string code)
    {
        var other = Read($"Texts.{code}.resx");

        Assert.Empty(Read("Texts.resx").Where(text => text.Value.Count(letter => letter == ' ') > 2 && string.Equals(other[text.Key], text.Value, StringComparison.Ordinal) && Letters().IsMatch(Gap().Replace(text.Value, ""))).Select(text => text.Key));
    }

    private static string Folder => Path.Combine(Repository.Root, "src", "Console", "Resources");

    private static Dictionary<string, string> Read(string file) => XDocument.Load(Path.Combine(Folder, file)).Root!.Elements("data")
        .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value, StringComparer.Ordinal);

    private static HashSet<string> Gaps(string text) => Gap().Matches(text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"\{\d\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Gap();

    [GeneratedRegex(@"\p{L}{4}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Letters();
}
