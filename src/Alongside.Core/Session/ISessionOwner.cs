using Alongside.Core.Input;
using Alongside.Core.Secure;

namespace Alongside.Core.Session;

/// <summary>What a session leaves to the room it is in.</summary>
internal interface ISessionOwner
{
    void Secured(long now, HostSession session, SecuredDetails details);

    /// <param name="isBusy">It was the host's doing: too many handshakes at once.</param>
    void HandshakeFailed(long now, HostSession session, string why, bool isBusy);

    void Asked(long now, HostSession session, Grant wanted);

    void GrantChanged(long now, HostSession session, Grant before);

    void Input(long now, HostSession session, InputMessage input);

    void Copied(long now, HostSession session, ClipboardMessage copied);

    void MonitorChosen(long now, HostSession session, int monitor);

    /// <summary>The viewer wants the whole desktop to have this size, whatever it may.</summary>
    void SizeAsked(long now, HostSession session, ControlMessage.Size size);

    /// <summary>An update is on the viewer's screen.</summary>
    void HasPainted(long now, HostSession session);

    /// <summary>The viewer described a direct way, or named an address for it.</summary>
    void Signalled(long now, HostSession session, ControlMessage signal);

    /// <summary>Nothing that was sent to the viewer or came from it counts any more: a break, or another handshake.</summary>
    void Unlinked(long now, HostSession session);

    /// <summary>The way to the viewer is gone; whoever has the secret of <paramref name="resumePlace"/> may come back.</summary>
    void Broken(long now, HostSession session, string resumePlace);

    void Ended(long now, HostSession session, string why, bool brokeRules);
}
