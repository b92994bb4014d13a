using Alongside.Host.Capture;
using Alongside.Host.Clipboard;
using Alongside.Host.Consent;
using Alongside.Host.Consent.Terminal;
using Alongside.Host.Inject;
using Alongside.Host.Native;
using Alongside.Net.Vnc;

namespace Alongside.Host.Vnc.Source;

/// <summary>
/// The desktop of a VNC server, as one like any other (docs/vnc.md). Nobody is in front of it who could be asked through it: the owner answers on the
/// terminal, or has answered with --allow.
/// </summary>
internal sealed class VncDesktop : IDesktop
{
    /// <summary>A server that has said nothing by then is looked for while the room is open already.</summary>
    private static readonly TimeSpan FirstTime = TimeSpan.FromSeconds(15);

    private readonly VncSource source;

    private VncDesktop(SourceChoice choice)
    {
        var positions = new InjectedPositions();
        var ears = new SourceEars(choice, positions);
        source = new(choice.Server, ears);
        Capture = new SourceCapture(source, ears);
        Inject = new SourceInject(source, positions);
        Clipboard = new SourceClipboard(source, ears);
        Consent = new TerminalConsent();
    }

    public ICapture Capture { get; }

    public IInject Inject { get; }

    public IClipboard Clipboard { get; }

    public IConsent Consent { get; }

    /// <exception cref="DisplayException">The server lets us not in, and will not the next time either.</exception>
    public static async Task<VncDesktop> OpenAsync(SourceChoice choice)
    {
        var desktop = new VncDesktop(choice);
        desktop.source.Start();
        await Task.WhenAny(desktop.source.FirstTry, Task.Delay(FirstTime));
        if (desktop.source.FirstTry is { IsCompleted: true, Result: { IsFinal: true, Trouble: { } trouble } })
        {
            desktop.Dispose();
            throw new DisplayException(trouble);
        }

        return desktop;
    }

    public void Dispose()
    {
        Inject.ReleaseAll();
        source.DisposeAsync().AsTask().Wait();
        Consent.Dispose();
    }
}
