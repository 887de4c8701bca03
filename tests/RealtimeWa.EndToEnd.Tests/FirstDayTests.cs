using System.Text.RegularExpressions;
using RealtimeWa.Browser;
using RealtimeWa.Phones;
using RealtimeWa.Processes;
using static Microsoft.Playwright.Assertions;

namespace RealtimeWa;

/// <summary>The first day with the product, in a real Chromium, through the real Baileys.</summary>
public sealed partial class FirstDayTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Phone = "40721397001";

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_the_first_admin_over_the_QR_to_a_message_in_each_direction_with_its_ticks()
    {
        await using var emulator = await Emulator.StartAsync(Ends);
        await using var product = new ProductProcess(
            emulator, settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Setup__AdminEmail"] = "", ["Setup__AdminPassword"] = "" });
        await product.StartAsync(Ends);
        var maya = await emulator.ContactAsync("40722000001", "Maya", Ends);

        var page = await chromium.OpenAsync(product.Url);
        await page.GotoAsync(FirstRunAddress(await product.Process.LineAsync(line => FirstRun().IsMatch(line), Ends)));
        await page.FillAsync("[name=Name]", "Ana");
        await page.FillAsync("[name=Email]", "ana@example.org");
        await page.FillAsync("[name=Password]", ProductProcess.AdminPassword);
        await page.PressAsync("[name=Password]", "Enter");
        await page.WaitForURLAsync(address => !address.Contains("first-run", StringComparison.Ordinal));

        await page.GotoAsync("/accounts-management");
        await page.FillAsync("[name=label] >> nth=0", "Shop");
        await page.PressAsync("[name=label] >> nth=0", "Enter");
        await Expect(page.GetByTestId("account-row")).ToHaveCountAsync(1);
        var qr = page.GetByTestId("qr");
        await qr.WaitForAsync();
        await emulator.ScanAsync(await QrReader.ReadAsync(await qr.ScreenshotAsync(), Ends), Phone, Ends);
        await Expect(page.GetByTestId("account-row")).ToHaveAttributeAsync("data-status", "connected", new() { Timeout = 60_000 });

        var id = await maya.SaysAsync(Phone, "Are you open on Sunday?", Ends);
        var ana = new OperatorPage(page);
        await ana.OpensChatAsync();
        await ana.OpensThreadAsync("Maya");
        await ana.SeesAsync("Are you open on Sunday?");
        await maya.ReceiptsAsync(id, atLeast: 1, Ends);

        await ana.SaysAsync("Yes, from ten to four.");
        await maya.SeesAsync(Phone, "Yes, from ten to four.", Ends);
        await ana.SeesStatusAsync("Yes, from ten to four.", "delivered");
        var sent = await maya.MessagesAsync(Phone, atLeast: 1, Ends);
        await maya.ReadsAsync(Phone, [sent[0].Id], Ends);
        await ana.SeesStatusAsync("Yes, from ten to four.", "read");
        Assert.Single(sent);
    }

    private static string FirstRunAddress(string line) => FirstRun().Match(line).Value;

    [GeneratedRegex("/setup/first-run\\?token=[0-9a-f]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FirstRun();
}
