using Alongside.Host.Native;

namespace Alongside.Host.Clipboard.Linux;

/// <summary>The names that selections use (ICCCM section 2), as this server numbers them.</summary>
internal sealed class ClipboardAtoms(XDisplay display)
{
    public nuint Clipboard { get; } = display.Atom("CLIPBOARD");

    public nuint Targets { get; } = display.Atom("TARGETS");

    public nuint Timestamp { get; } = display.Atom("TIMESTAMP");

    public nuint Multiple { get; } = display.Atom("MULTIPLE");

    public nuint AtomPair { get; } = display.Atom("ATOM_PAIR");

    public nuint Incremental { get; } = display.Atom("INCR");

    public nuint Utf8 { get; } = display.Atom("UTF8_STRING");

    public nuint Text { get; } = display.Atom("TEXT");

    public nuint PlainUtf8 { get; } = display.Atom("text/plain;charset=utf-8");

    public nuint Plain { get; } = display.Atom("text/plain");

    /// <summary>A property of ours whose change tells the server's time.</summary>
    public nuint Clock { get; } = display.Atom("ALONGSIDE_CLOCK");

    public nuint Of(ClipboardSelection selection) => selection == ClipboardSelection.Primary ? LibX11.AtomPrimary : Clipboard;
}
