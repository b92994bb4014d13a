using Alongside.Host.Capture;
using Alongside.Host.Clipboard;
using Alongside.Host.Consent;
using Alongside.Host.Inject;

namespace Alongside.Host;

/// <summary>How the person in front is asked.</summary>
public enum ConsentStyle
{
    /// <summary>Windows where there is a display that can show them, else the terminal.</summary>
    Automatic = 0,
    Windows = 1,
    Terminal = 2,
}

/// <summary>The four seams to one desktop, opened together and closed together.</summary>
public interface IDesktop : IDisposable
{
    ICapture Capture { get; }

    IInject Inject { get; }

    IClipboard Clipboard { get; }

    IConsent Consent { get; }
}
