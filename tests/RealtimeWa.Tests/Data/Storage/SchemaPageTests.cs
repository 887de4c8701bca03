namespace RealtimeWa;

public sealed class SchemaPageTests
{
    /// <summary><c>docs/schema.md</c> is what the migrations make. REALTIMEWA_UPDATE=1 writes it anew.</summary>
    [Fact]
    public async Task The_picture_of_the_schema_is_up_to_date()
    {
        await using var data = await TestData.Open(Dialect.Sqlite);
        var rendered = await data.Database.Read(SchemaPage.Render, TestData.Cancel);
        var file = Path.Combine(Repository.Root, "docs", "schema.md");
        if (string.Equals(Environment.GetEnvironmentVariable("REALTIMEWA_UPDATE"), "1", StringComparison.Ordinal))
        {
            await File.WriteAllTextAsync(file, rendered, TestData.Cancel);
        }

        Assert.True(
            File.Exists(file) && string.Equals(rendered, await File.ReadAllTextAsync(file, TestData.Cancel), StringComparison.Ordinal),
            "docs/schema.md differs from the migrations. Run the test with REALTIMEWA_UPDATE=1 and commit the file.");
    }
}
