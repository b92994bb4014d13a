using System.Buffers;
using Alongside.Core.Codec;
using Alongside.Core.Input;
using Alongside.Core.Link;
using Alongside.Core.Pixels;
using Alongside.Core.Secure;
using Alongside.Core.Wire;

namespace Alongside.Core.Session;

/// <summary>
/// The viewer's side of a session (docs/protocol/session.md), for programs: tests, measurements, tunnels. The browser's is in
/// web/src/core/session. Pure: bring it what happens with the time in microseconds, then take its events; it sends by its <see cref="IPath"/>.
/// </summary>
public sealed partial class ViewerSession : ILinkOwner, IDisposable
{
    private const long PingTime = 5_000_000;
    private const long SilenceTime = 20_000_000;

    /// <summary>Before a handshake is tried again, in microseconds: an answer to the one before would be taken for the answer to this.</summary>
    private const long AgainAfter = 1_000_000;

    private readonly SwitchedPath path;
    private readonly bool hasDirect;
    private readonly WaySignals signals = new();
    private readonly Credential credential;
    private readonly SecurePeer peer;
    private readonly UpdateDecoder decoder = new();
    private readonly Queue<ViewerEvent> events = new();
    private readonly Queue<Painted> unpainted = new();
    private readonly ArrayBufferWriter<byte> message = new(256);
    private readonly byte[] held = new byte[65_536];
    private int heldLength;
    private ushort host;
    private StreamOpener? stream;
    private bool hasEnded;
    private bool isHere;
    private bool resuming;
    private long? beginsAt;
    private long heardAt;
    private long pingedAt;
    private long pings;

    /// <param name="capabilities">What this viewer understands; all of <see cref="Capability.Known"/> if not said.</param>
    /// <param name="direct">The channels of direct ways; null: everything stays on the relay.</param>
    public ViewerSession(
        Credential credential, IPath relay, IRandomSource random, IReadOnlyList<ushort>? capabilities = null, IDirectWays? direct = null)
    {
        path = new(relay, direct, this, leads: false);
        hasDirect = direct is not null;
        this.credential = credential;
        peer = SecurePeer.Viewer(credential, [.. capabilities ?? Capability.Known, .. hasDirect ? (ReadOnlySpan<ushort>)[Capability.Direct] : []], random);
    }

    /// <summary>What the host has granted; nothing before it has.</summary>
    public Grant Grant { get; private set; }

    /// <summary>The host's last word on its desktop; null before the first, and while the display is away.</summary>
    public ControlMessage.Desktop? Desktop { get; private set; }

    /// <summary>The picture; null before the first update.</summary>
    public Frame? Picture { get; private set; }

    public bool IsLive => isHere && Grant.View;

    /// <summary>The host passes on what size the desktop is to have.</summary>
    public bool CanAskForSize { get; private set; }

    public bool HasEnded => hasEnded;

    /// <summary>Updates that were applied and not acknowledged.</summary>
    public int Unpainted => unpainted.Count;

    /// <summary>A page that is not looked at paints nothing, and so acknowledges nothing. True again: everything, after one paint.</summary>
    public bool IsVisible { get; set; } = true;

    /// <summary>The last round trip of a ping, in microseconds.</summary>
    public long? RoundTrip { get; private set; }

    /// <summary>For tests: bytes to be sent as they are, in place of a message.</summary>
    internal bool SendRaw(long now, byte channel, ReadOnlySpan<byte> bytes)
    {
        bool sent = peer.Send(now, channel, bytes);
        Pump();
        return sent;
    }

    public bool TryPollEvent(out ViewerEvent e) => events.TryDequeue(out e);

    /// <summary>The host is in the room, or is there again.</summary>
    public void HostArrived(long now, ushort member)
    {
        if (hasEnded)
        {
            return;
        }

        if (isHere && member == host && path.Of(host).TryGoOnAlone())
        {
            path.Of(host).RelayIsBack();
            return;
        }

        host = member;
        Restart(now);
    }

    /// <summary>Somebody left the room, or is away: the host perhaps, or another of its viewers.</summary>
    public void Left(long now, ushort member)
    {
        if (member == host)
        {
            HostLeft(now);
        }
    }

    /// <summary>The host, or the relay itself, is away.</summary>
    public void HostLeft(long now)
    {
        if (isHere && path.Of(host).TryGoOnAlone())
        {
            return;
        }

        path.Of(host).Reset(now);
        beginsAt = null;
        if (isHere)
        {
            isHere = false;
            events.Enqueue(new(ViewerEventKind.Broken));
        }
    }

    public void Handle(long now, ushort from, ReadOnlySpan<byte> payload)
    {
        if (hasEnded || from != host || payload.IsEmpty)
        {
            return;
        }

        path.Now = now;
        try
        {
            path.Of(host).HandleRelay(now, payload);
        }
        catch (ProtocolException wrong)
        {
            End(now, ByeReason.Protocol, wrong.Message);
        }

        Pump();
    }

    public void Tick(long now)
    {
        if (hasEnded)
        {
            return;
        }

        path.Tick(now);
        if (beginsAt <= now)
        {
            Restart(now);
        }

        if (peer.NextDeadline is { } due && due <= now)
        {
            peer.Tick(now);
            Drain(now);
        }

        if (isHere && now - heardAt >= SilenceTime)
        {
            events.Enqueue(new(ViewerEventKind.Broken));
            Restart(now);
        }
        else if (isHere && now - Math.Max(heardAt, pingedAt) >= PingTime)
        {
            Ping(now);
        }

        Paint(now);
        Pump();
    }

    public long? NextDeadline
    {
        get
        {
            long? own = isHere && !hasEnded ? Math.Max(heardAt, pingedAt) + PingTime : null;
            if (!hasEnded && path.NextDeadline is { } linkDue && (own is null || linkDue < own))
            {
                own = linkDue;
            }

            own = beginsAt is { } beginning && (own is null || beginning < own) ? beginning : own;
            return peer.NextDeadline is { } due && (own is null || due < own) ? due : own;
        }
    }

    /// <summary>There is room on the path again.</summary>
    public void WindowOpened() => Pump();

    /// <summary>What was sent and what comes takes a direct way.</summary>
    public bool IsDirect => path.Of(host).IsDirect;

    /// <summary>The relay is away, and the session goes on by the direct way alone.</summary>
    public bool HoldsWithoutRelay => isHere && path.Of(host).IsAlone;

    public void Ask(long now, string name, Grant wanted) => Say(now, new ControlMessage.Ask(name, wanted.View, wanted.Control, wanted.Clipboard));

    public void Narrow(long now, ControlMessage.Narrow less) => Say(now, less);

    public void ChooseMonitor(long now, int id) => Say(now, new ControlMessage.ChooseMonitor(id));

    /// <summary>Asks for another size of the whole desktop; <see cref="ControlMessage.Sized"/> says what became of it, with this number of ours.</summary>
    public void AskForSize(long now, int width, int height, int? wish = null) => Say(now, new ControlMessage.Size(width, height, wish));

    public void Ping(long now)
    {
        pingedAt = now;
        Say(now, new ControlMessage.Ping(++pings));
    }

    /// <summary>Behind what was copied before it: a VNC viewer does not say which key pastes.</summary>
    public void Send(long now, InputMessage input)
    {
        message.ResetWrittenCount();
        input.Write(message);
        peer.Send(now, ChannelBudgets.Input, message.WrittenSpan, pastes: true);
        Pump();
    }

    /// <returns>False: the text is over its limit and nothing was sent.</returns>
    public bool TryCopy(long now, ClipboardMessage copied)
    {
        var written = new ArrayBufferWriter<byte>(copied.Text.Length + 16);
        if (!copied.TryWrite(written))
        {
            return false;
        }

        peer.Send(now, ChannelBudgets.Clipboard, written.WrittenSpan);
        Pump();
        return true;
    }

    /// <summary>Leaves in order.</summary>
    public void Leave(long now)
    {
        Say(now, new ControlMessage.Bye(ByeReason.Left));
        hasEnded = true;
    }

    public void Dispose()
    {
        peer.Dispose();
        decoder.Dispose();
        stream?.Dispose();
    }

    private void Say(long now, ControlMessage control)
    {
        peer.Send(now, ChannelBudgets.Control, ControlJson.Write(control));
        Pump();
    }

    private void Restart(long now)
    {
        isHere = false;
        Start(now, null);
    }

    private void Start(long now, Credential? with)
    {
        path.Of(host).Reset(now);
        beginsAt = null;
        heldLength = 0;
        heardAt = now;
        resuming = with is null && peer.ResumeCredential is not null;
        peer.Start(now, with);
        Pump();
    }

    private void Drain(long now)
    {
        while (!hasEnded && peer.TryPollEvent(out var e))
        {
            switch (e.Kind)
            {
                case SecureEventKind.Secured:
                    isHere = true;
                    heardAt = now;
                    CanAskForSize = e.Details!.PeerCapabilities.Contains(Capability.Sizes);
                    path.Of(host).Renew(now);
                    path.Of(host).MayMark = e.Details.PeerCapabilities.Contains(Capability.Marks);
                    unpainted.Clear();
                    stream?.Dispose();
                    stream = null;
                    events.Enqueue(new(ViewerEventKind.Secured, e.Details));
                    break;
                case SecureEventKind.Message:
                    heardAt = now;
                    HandleMessage(now, e.Channel, e.Bytes.Span);
                    break;
                case SecureEventKind.Refused when credential.Kind == CredentialKind.Link && resuming:
                    // What there was to come back to is gone; the link is good for a new beginning.
                    Start(now, credential);
                    break;
                case SecureEventKind.Refused:
                    End(now, null, $"The host refused the handshake: {e.Refusal}.");
                    break;
                case SecureEventKind.Ended:
                    isHere = false;
                    events.Enqueue(new(ViewerEventKind.Broken, Text: e.Reason));
                    path.Of(host).Reset(now);
                    beginsAt = peer.ResumeCredential is null ? null : now + AgainAfter;

                    break;
            }
        }
    }

    /// <summary>Acknowledges what is on the screen, every update once and in order.</summary>
    private void Paint(long now)
    {
        while (IsVisible && unpainted.TryDequeue(out var painted))
        {
            message.ResetWrittenCount();
            painted.Write(message);
            peer.Send(now, ChannelBudgets.Feedback, message.WrittenSpan);
        }
    }

    private void End(long now, string? byeReason, string why)
    {
        if (byeReason is not null)
        {
            Say(now, new ControlMessage.Bye(byeReason));
        }

        hasEnded = true;
        isHere = false;
        Grant = Grant.None;
        events.Enqueue(new(ViewerEventKind.Ended, Text: why));
    }

    private void Pump()
    {
        path.Of(host).Flush(path.Now);
        while (true)
        {
            if (heldLength > 0)
            {
                if (!path.TrySend([host], held.AsSpan(0, heldLength)))
                {
                    return;
                }

                heldLength = 0;
            }

            if (!peer.TryPollPayload(out var payload))
            {
                return;
            }

            payload.CopyTo(held);
            heldLength = payload.Length;
        }
    }
}
