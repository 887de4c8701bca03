namespace RealtimeWa;

public sealed class TypeScriptContractTests
{
    private static readonly string File = Path.Combine(Repository.Root, "wwwroot-src", "contracts.g.ts");

    [Fact]
    public async Task The_browser_has_the_contract_of_this_build()
    {
        var rendered = TypeScriptContract.Render(typeof(IOperatorHub), typeof(IOperatorClient), typeof(OperatorRole));
        if (Environment.GetEnvironmentVariable("REALTIMEWA_UPDATE") is "1")
        {
            await System.IO.File.WriteAllTextAsync(File, rendered, TestContext.Current.CancellationToken);
        }

        var checkedIn = System.IO.File.Exists(File) ? await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken) : "";
        Assert.True(
            string.Equals(rendered, checkedIn, StringComparison.Ordinal),
            "wwwroot-src/contracts.g.ts differs from src/Contracts: run this test with REALTIMEWA_UPDATE=1 and commit the file.");
    }
}
