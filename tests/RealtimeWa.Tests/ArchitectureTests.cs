using System.Xml.Linq;

namespace RealtimeWa;

public sealed class ArchitectureTests
{
    /// <summary>The arrows of the design: Contracts ← Data ← {Hub, Workers} ← Console, and no others.</summary>
    [Theory]
    [InlineData("Contracts", "")]
    [InlineData("Data", "Contracts")]
    [InlineData("Hub", "Data")]
    [InlineData("Workers", "Data")]
    [InlineData("Console", "Hub,Workers")]
    public void A_project_references_only_what_the_design_allows(string project, string allowed)
    {
        var file = Path.Combine(Repository.Root, "src", project, $"{project}.csproj");
        var referenced = XDocument.Load(file).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value))
            .Where(name => !string.Equals(name, "Microsoft.SqlServer.Server", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

        Assert.Equal(allowed, string.Join(',', referenced));
    }

    [Fact]
    public void Contracts_has_no_package_of_its_own()
    {
        var file = Path.Combine(Repository.Root, "src", "Contracts", "Contracts.csproj");

        Assert.Empty(XDocument.Load(file).Descendants("PackageReference"));
    }
}
