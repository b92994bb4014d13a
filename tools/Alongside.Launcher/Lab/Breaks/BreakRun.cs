using System.Diagnostics;
using System.Text.Json.Nodes;
using Alongside.Launcher.Demo;
using Alongside.Launcher.Lab.Nat;
using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Lab.Breaks;

/// <summary>
/// One session and what happens to it: 1. two machines with public addresses, a host, a browser; 2. they are direct; 3. the page shows a flag, pixel by pixel; 4. it happens, and another flag is put up
/// at once; 5. the page is looked at until it shows that.
/// </summary>
internal sealed class BreakRun(Layout layout, Starter starter, Internet internet, XScreen screen, string display, int slack)
{
    /// <summary>Of the screen.</summary>
    public const int Width = 1280, Height = 720;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Look = TimeSpan.FromMilliseconds(10);

    public async Task<BreakResult> RunAsync(BreakKind kind, string profile, CancellationToken stop)
    {
        var limit = kind.Limit * slack;
        var (host, viewer) = (new Side(starter, internet, NatKind.Open, 1), new Side(starter, internet, NatKind.Open, 2));
        Child? program = null;
        try
        {
            var (machine, other) = (await host.BuildAsync(), await viewer.BuildAsync());
            (program, string link) = await RoomHost.StartAsync(layout, internet, machine, NatKind.Open, display, stop);
            await using var browser = await Browser.StartAsync(other, profile, stop);
            await browser.OpenAsync(InKiosk(Internet.ServerFor(NatKind.Open), new Uri(link)), stop);
            await browser.SizeAsync(Width, Height, stop);
            if (!await UntilAsync(async () => (string?)(await ReportAsync(browser, stop))?["path"] == "direct", stop))
            {
                return Failed("It was never direct.");
            }

            PutUp(0);
            if (!await UntilAsync(() => ShowsAsync(browser, 0, stop), stop))
            {
                return Failed($"The screen was not shown. The page says: {(string?)await browser.EvaluateAsync("document.body?.innerText", stop)}");
            }

            var stage = new BreakStage(host, viewer, program, browser);
            if (kind.Sleeper(stage) is { } sleeper)
            {
                Signals.SendToGroup(sleeper.Id, Signals.Stop);
                await Task.Delay(BreakKind.Sleep, stop);
                Signals.SendToGroup(sleeper.Id, Signals.Continue);
            }

            var since = Stopwatch.StartNew();
            await kind.Happen(stage);
            PutUp(1);
            bool works = await UntilAsync(() => ShowsAsync(browser, 1, stop), stop);
            int took = (int)since.ElapsedMilliseconds;
            string? path = (string?)(await ReportAsync(browser, stop))?["path"];
            return new(kind.Name, works, works && took <= limit.TotalMilliseconds, (int)limit.TotalMilliseconds, path)
            {
                FallbackMs = works && kind.IsFallback ? took : null,
                ResumeMs = works && !kind.IsFallback ? took : null,
                Trouble = works ? null : "The screen was not shown any more.",
            };
        }
        catch (StartException failure)
        {
            return Failed(failure.Message);
        }
        finally
        {
            await (program?.StopAsync(TimeSpan.FromSeconds(5)) ?? Task.CompletedTask);
            await host.StopAsync();
            await viewer.StopAsync();
        }

        BreakResult Failed(string why) => new(kind.Name, false, false, (int)limit.TotalMilliseconds, null) { Trouble = why };
    }

    /// <summary>The page shows the flag, every pixel of it, in a part where nothing but the picture is: no pointer, no banner of the host's.</summary>
    private static async Task<bool> ShowsAsync(Browser browser, int flag, CancellationToken stop)
    {
        const int Left = 100, Top = 400, Wide = 400, High = 240;
        var (width, pixels) = Png.Read(await browser.LookAsync(Left, Top, Wide, High, stop));
        bool isAll = pixels.Length == Wide * High;
        for (int i = 0; isAll && i < pixels.Length; i++)
        {
            isAll = pixels[i] == Flag.At(Left + (i % width), Top + (i / width), flag);
        }

        return isAll;
    }

    private void PutUp(int flag) => screen.SetWallpaper((pixels, width, height) => Flag.Draw(pixels, width, height, flag));

    private static Task<JsonNode?> ReportAsync(Browser browser, CancellationToken stop) => browser.EvaluateAsync("globalThis.alongside?.report()", stop);

    /// <summary>Nothing lies over the desktop there.</summary>
    private static string InKiosk(string server, Uri link) => $"{server}{link.AbsolutePath}{(link.Query.Length > 0 ? $"{link.Query}&" : "?")}kiosk=1{link.Fragment}";

    private static async Task<bool> UntilAsync(Func<Task<bool>> isSo, CancellationToken stop)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience; await Task.Delay(Look, stop))
        {
            if (await isSo())
            {
                return true;
            }
        }

        return false;
    }
}
