using System.Text.Json.Nodes;
using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Lab.Nat;

/// <summary>
/// One session between two networks, with the real programs: the host opens a room behind one router, a browser opens its link behind the other; then the page is
/// asked how it went.
/// </summary>
internal sealed class Pair(Layout layout, Starter starter, Internet internet, bool withTurn, string display, string folder)
{
    private static readonly TimeSpan PicturePatience = TimeSpan.FromSeconds(40), DirectPatience = TimeSpan.FromSeconds(25);

    /// <summary>As long is waited whether two that cannot meet do; what can meet does within a second or two.</summary>
    private static readonly TimeSpan RelayPatience = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public async Task<PairResult> RunAsync(NatKind a, NatKind b, CancellationToken stop)
    {
        List<Side> sides = [new(starter, internet, a, 1)];
        Child? host = null;
        string profile = Path.Combine(folder, "profile");
        try
        {
            var machine = await sides[0].BuildAsync();
            Space other;
            if (a == NatKind.Hairpin)
            {
                other = await sides[0].AddNeighbourAsync();
            }
            else
            {
                sides.Add(new(starter, internet, b, 2));
                other = await sides[1].BuildAsync();
            }

            (host, string link) = await RoomHost.StartAsync(layout, internet, machine, a, display, stop);
            await using var browser = await Browser.StartAsync(other, profile, stop);
            await browser.OpenAsync(Internet.ServerFor(b) + new Uri(link).PathAndQuery + new Uri(link).Fragment, stop);
            return await WatchAsync(browser, a, b, stop);
        }
        catch (StartException failure)
        {
            return new(a.Name, b.Name, false, "relay", null, null, null, null) { Trouble = failure.Message };
        }
        finally
        {
            await (host?.StopAsync(TimeSpan.FromSeconds(5)) ?? Task.CompletedTask);
            foreach (var side in sides)
            {
                await side.StopAsync();
            }

            await RemoveAsync(profile);
        }
    }

    private async Task<PairResult> WatchAsync(Browser browser, NatKind a, NatKind b, CancellationToken stop)
    {
        // A TURN server is a way that must be found as well, where UDP gets to it.
        bool isMore = NatKind.CanMeet(a, b) || withTurn;
        JsonNode? report = await UntilAsync(browser, report => report["firstPictureMs"] is not null, PicturePatience, stop);
        if (report?["firstPictureMs"] is null)
        {
            string says = (string?)await browser.EvaluateAsync("document.body?.innerText", stop) ?? "";
            return new(a.Name, b.Name, false, "relay", null, null, null, null) { Trouble = $"No picture came. The page says: {says.ReplaceLineEndings(" ")}" };
        }

        report = await UntilAsync(browser, report => ((string?)report["path"] == "direct" && report["rttDirectMs"] is not null) || (bool?)report["turn"] == true, isMore ? DirectPatience : RelayPatience, stop) ?? report;
        return new(a.Name, b.Name, true, (string?)report["path"] ?? "relay", Whole(report["firstPictureMs"]), Whole(report["directMs"]), Tenths(report["rttRelayMs"]), Tenths(report["rttDirectMs"]))
        {
            Turn = (bool?)report["turn"] == true,
        };
    }

    /// <summary>The page's report as soon as it is so, or as it is when patience ends.</summary>
    private static async Task<JsonNode?> UntilAsync(Browser browser, Func<JsonNode, bool> isSo, TimeSpan patience, CancellationToken stop)
    {
        var end = DateTime.UtcNow + patience;
        while (true)
        {
            var report = await browser.EvaluateAsync("globalThis.alongside?.report()", stop);
            if ((report is not null && isSo(report)) || DateTime.UtcNow > end)
            {
                return report;
            }

            await Task.Delay(Look, stop);
        }
    }

    private static int? Whole(JsonNode? node) => node is null ? null : (int)Math.Round((double)node);

    private static double? Tenths(JsonNode? node) => node is null ? null : Math.Round((double)node, 1);

    /// <summary>A browser that is ending may still write into its profile.</summary>
    private static async Task RemoveAsync(string folder)
    {
        for (int i = 0; Directory.Exists(folder); i++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (i < 20)
            {
                await Task.Delay(100);
            }
        }
    }
}
