namespace Alongside.Core.Secure;

/// <summary>One side of one pair.</summary>
public sealed class SecurePeer : IDisposable
{
    private readonly byte[] none = [];

    public static SecurePeer Viewer(Credential credential, ReadOnlySpan<ushort> capabilities, IRandomSource random) => throw new InvalidOperationException();

    public static SecurePeer Host(ICredentialBook book, ReadOnlySpan<ushort> capabilities, IRandomSource random, HandshakeLimit? limit = null) => throw new InvalidOperationException();

    /// <summary>A session runs: messages can be sent (unless a viewer's new handshake is underway) and arrive.</summary>
    public bool IsSecured => none.Length > 0;

    public bool IsHandshaking => none.Length > 0;

    /// <summary>Of the running session; null before the first.</summary>
    public SecuredDetails? Details => null;

    /// <summary>For coming back after a break; null before the first session.</summary>
    public Credential? ResumeCredential => Details?.ResumeCredential;

    /// <summary>Microseconds of the caller's clock at which <see cref="Tick"/> is due; null: nothing is due.</summary>
    public long? NextDeadline => null;

    /// <summary>Message bytes that have been sent but not yet polled as payloads.</summary>
    public long PendingBytes => 0;

    /// <summary>Viewer only: says Hello. On a running session it uses the resume credential unless told otherwise.</summary>
    public void Start(long now, Credential? credential = null) => throw new InvalidOperationException();

    public void Handle(long now, ReadOnlySpan<byte> payload) => throw new InvalidOperationException();

    public void Tick(long now) => throw new InvalidOperationException();

    /// <summary>False: there is no session to send on, nothing was kept.</summary>
    public bool Send(long now, byte channel, ReadOnlySpan<byte> message) => throw new InvalidOperationException();

    /// <summary>The next payload for the other side, valid until the next call of this method.</summary>
    public bool TryPollPayload(out ReadOnlyMemory<byte> payload) => throw new InvalidOperationException();

    public bool TryPollEvent(out SecureEvent e) => throw new InvalidOperationException();

    public void Dispose()
    {
    }
}
