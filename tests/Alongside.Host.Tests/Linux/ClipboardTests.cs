using System.Collections.Concurrent;
using System.Text;
using Alongside.Host.Clipboard;
using Alongside.Host.Clipboard.Linux;
using Alongside.Host.Native;

namespace Alongside.Host.Tests.Linux;

[Collection(XServer.Tests)]
public sealed class ClipboardTests : IDisposable
{
    private readonly XServer server = XServer.Start();
    private readonly LinuxClipboard clipboard;
    private readonly ConcurrentQueue<(ClipboardSelection Selection, string Text)> copied = new();
    private readonly ConcurrentQueue<long> refused = new();
    private readonly string path = Path.GetTempFileName();

    public ClipboardTests()
    {
        clipboard = new LinuxClipboard(server.Display);
        clipboard.Start((selection, text) => copied.Enqueue((selection, text)), refused.Enqueue);
    }

    public void Dispose()
    {
        clipboard.Dispose();
        server.Dispose();
        File.Delete(path);
    }

    [Theory]
    [InlineData("clipboard", ClipboardSelection.Clipboard)]
    [InlineData("primary", ClipboardSelection.Primary)]
    public async Task What_another_program_copies_is_told(string name, ClipboardSelection selection)
    {
        Copy("Grüße, 日本 😀\r\nzwei\n", name);
        await Until.True(() => !copied.IsEmpty, "the copy");
        Assert.Equal([(selection, "Grüße, 日本 😀\nzwei\n")], copied);
    }

    [Theory]
    [InlineData("clipboard", ClipboardSelection.Clipboard)]
    [InlineData("primary", ClipboardSelection.Primary)]
    public async Task What_is_set_can_be_pasted_and_is_not_told_back(string name, ClipboardSelection selection)
    {
        clipboard.Set(selection, "für dich 😀\n");
        await Until.True(() => Paste(name) == "für dich 😀\n", "the paste");
        Assert.Equal("für dich 😀\n", Paste(name, "text/plain;charset=utf-8"));
        Assert.Contains("UTF8_STRING", Paste(name, "TARGETS"), StringComparison.Ordinal);
        Copy("marker", name);
        await Until.True(() => !copied.IsEmpty, "the marker");
        Assert.Equal([(selection, "marker")], copied);
    }

    [Fact]
    public void What_is_set_is_there_when_the_key_that_pastes_it_comes()
    {
        using var other = new XPainter(server.Display, 10, 10);
        nuint atom = other.Display.Atom("CLIPBOARD");
        for (int i = 0; i < 50; i++)
        {
            _ = LibX11.XSetSelectionOwner(other.Display, atom, other.Window, LibX11.CurrentTime);
            Assert.Equal(other.Window, LibX11.XGetSelectionOwner(other.Display, atom));
            clipboard.Set(ClipboardSelection.Clipboard, $"text {i}");
            Assert.NotEqual(other.Window, LibX11.XGetSelectionOwner(other.Display, atom));
        }
    }

    [Fact]
    public async Task A_server_that_went_away_keeps_nobody_who_copies()
    {
        server.Kill();
        await Until.True(
            () =>
            {
                long before = Environment.TickCount64;
                clipboard.Set(ClipboardSelection.Clipboard, "nobody is there");
                return Environment.TickCount64 - before < 200;
            },
            "the news of its end");
    }

    [Fact]
    public async Task Three_megabytes_go_both_ways_in_pieces()
    {
        string text = string.Concat(Enumerable.Range(0, 300_000).Select(n => $"{n % 100_000:00000} é\n"));
        Copy(text, "clipboard");
        await Until.True(() => !copied.IsEmpty, "the long copy");
        Assert.True(copied.Single().Text == text, "The text that came is not the text that was copied.");
        clipboard.Set(ClipboardSelection.Clipboard, text + "!");
        await Until.True(() => Paste("clipboard") == text + "!", "the long paste");
    }

    [Fact]
    public async Task A_hundred_megabytes_are_refused_without_being_read()
    {
        using (var file = File.Create(path))
        {
            byte[] line = Encoding.ASCII.GetBytes(new string('x', 1023) + "\n");
            for (int i = 0; i < 100 * 1024; i++)
            {
                file.Write(line);
            }
        }

        long before = GC.GetTotalAllocatedBytes();
        server.Run("sh", "-c", $"xclip -selection clipboard -i {path} >/dev/null 2>&1");
        await Until.True(() => !refused.IsEmpty, "the refusal");
        Copy("small", "clipboard");
        await Until.True(() => !copied.IsEmpty, "the next copy");
        Assert.Equal("small", copied.Single().Text);
        Assert.Single(refused);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 60_000_000);
    }

    [Fact]
    public async Task An_owner_that_never_answers_holds_nobody_up()
    {
        using var silent = new XPainter(server.Display, 10, 10);
        _ = LibX11.XSetSelectionOwner(silent.Display, silent.Display.Atom("CLIPBOARD"), silent.Window, 0);
        silent.Flush();
        clipboard.Set(ClipboardSelection.Primary, "still here");
        await Until.True(() => Paste("primary") == "still here", "the other selection");
        Copy("after", "clipboard");
        await Until.True(() => !copied.IsEmpty, "the next owner");
        Assert.Equal("after", copied.Single().Text);
        Assert.Empty(refused);
    }

    private void Copy(string text, string selection)
    {
        File.WriteAllText(path, text);

        // xclip stays to serve its text, so it must not keep our pipes.
        server.Run("sh", "-c", $"xclip -selection {selection} -i {path} >/dev/null 2>&1");
    }

    private string? Paste(string selection, string target = "UTF8_STRING") => Programs.Paste(server.Launch, selection, target);
}
