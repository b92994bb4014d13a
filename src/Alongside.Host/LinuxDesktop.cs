using Alongside.Host.Capture;
using Alongside.Host.Capture.Linux;
using Alongside.Host.Clipboard;
using Alongside.Host.Clipboard.Linux;
using Alongside.Host.Consent;
using Alongside.Host.Consent.Linux;
using Alongside.Host.Consent.Terminal;
using Alongside.Host.Inject;
using Alongside.Host.Inject.Linux;
using Alongside.Host.Native;

namespace Alongside.Host;

/// <summary>An X11 desktop: four seams, each with a connection and a thread of its own.</summary>
internal sealed class LinuxDesktop : IDesktop
{
    /// <exception cref="DisplayException">The display can't be used; the message says why.</exception>
    public LinuxDesktop(string? display, ConsentStyle consent)
    {
        var positions = new InjectedPositions();
        try
        {
            Clipboard = new LinuxClipboard(display);
            Consent = OpenConsent(display, consent);
            Inject = new LinuxInject(display, Consent, positions);
            Capture = new LinuxCapture(display, positions);
        }
        catch (DllNotFoundException e)
        {
            Dispose();
            throw new DisplayException($"A library of the X window system is missing: {e.Message.Split(':')[0]}.");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ICapture Capture { get; } = null!;

    public IInject Inject { get; } = null!;

    public IClipboard Clipboard { get; } = null!;

    public IConsent Consent { get; } = null!;

    /// <summary>Injection goes first: its keys go up while everything else is still there.</summary>
    public void Dispose()
    {
        Inject?.Dispose();
        Capture?.Dispose();
        Consent?.Dispose();
        Clipboard?.Dispose();
    }

    private IConsent OpenConsent(string? display, ConsentStyle style)
    {
        if (style == ConsentStyle.Terminal)
        {
            return new TerminalConsent();
        }

        try
        {
            return new LinuxConsent(display, text => Clipboard.Set(ClipboardSelection.Clipboard, text));
        }
        catch (DisplayException) when (style == ConsentStyle.Automatic)
        {
            return new TerminalConsent();
        }
    }
}
