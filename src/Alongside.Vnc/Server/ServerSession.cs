using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Encodings;
using Alongside.Vnc.Extensions;
using Alongside.Vnc.Security;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Server;

/// <summary>
/// One viewer of RFB 3.3, 3.7 or 3.8, from the server's side (docs/vnc.md). Pure: its driver brings bytes and the time in microseconds of
/// a monotonic clock, and after each call drains <see cref="TryPollEvent"/> and <see cref="TryPoll"/>. It says how much of that has not left yet
/// (<see cref="Unsent"/>): a viewer that takes nothing is given nothing. One thread.
/// <code>
/// Handle ─> handshake ─> events Asks ─Approve─> Ready ─> events (input, clipboard)
/// Damaged ─> WantsPicture ─> [the driver has the newest pixels] ─> Update ─> TryPoll
/// </code>
/// What a viewer did wrong ends its session with a reason; nothing here throws for it.
/// </summary>
public sealed partial class ServerSession : IDisposable
{
    /// <summary>Answers, in bytes, that a viewer may leave untaken: one that asks for more of them does not read.</summary>
    private const int MostAnswers = 8 * 1024 * 1024;

    /// <summary>Somebody who takes nothing of what waits for them for so long is gone, in microseconds.</summary>
    private const long Patience = 60_000_000;

    private readonly ServerOptions options;
    private readonly PasswordAttempts attempts;
    private readonly string source;
    private readonly SharedMotion motion;
    private readonly byte[] challenge;
    private readonly byte[] offered;
    private readonly DripBuffer input = new(ExtendedClipboard.MaxMessage + 1024);
    private readonly ByteBuffer output = new();
    private readonly Queue<ServerEvent> events = new();
    private readonly long startedAt;
    private ServerPhase phase = ServerPhase.Version;
    private int minor;
    private uint veNCrypt;
    private bool withPassword;
    private long askedAt;
    private long unsent;
    private long takenAt;
    private long heardAt;
    private long answers;

    /// <param name="now">Microseconds of a monotonic clock, as everywhere here.</param>
    /// <param name="options">What every viewer is offered.</param>
    /// <param name="attempts">Of all viewers of this listener.</param>
    /// <param name="challenge">16 bytes that nobody can foresee and that are used once.</param>
    /// <param name="source">The address the viewer comes from, as wrong passwords are counted by.</param>
    /// <param name="motion">Of all viewers of this desktop; null: its own.</param>
    public ServerSession(long now, ServerOptions options, PasswordAttempts attempts, ReadOnlySpan<byte> challenge, string source, SharedMotion? motion = null)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(challenge.Length, VncAuth.ChallengeLength);
        this.options = options;
        this.attempts = attempts;
        this.challenge = challenge.ToArray();
        this.source = source;
        this.motion = motion ?? new();
        offered = [.. options.SecurityTypes.Where(type => type == SecurityType.None || options.Password is not null)];
        startedAt = takenAt = heardAt = now;
        output.WriteBytes(OurVersion);
    }

    /// <summary>Bytes given by <see cref="TryPoll"/> that the driver has not sent yet.</summary>
    public long Unsent => unsent;

    /// <summary>Nothing more is taken; what <see cref="TryPoll"/> gives may still be sent.</summary>
    public bool HasEnded => phase == ServerPhase.Ended;

    /// <summary>Whether TLS is around what is said from now on.</summary>
    public bool IsEncrypted => veNCrypt != 0;

    /// <summary>The next thing that is wanted, in order; false: nothing more is.</summary>
    public bool TryPollEvent(out ServerEvent e)
    {
        if (events.TryDequeue(out e))
        {
            return true;
        }

        if (wantedSize is not { } size || HasEnded)
        {
            return false;
        }

        wantedSize = null;
        e = new(ServerEventKind.SizeAsked, Width: size.Width, Height: size.Height);
        return true;
    }

    /// <summary>What is to be sent; valid until the next call.</summary>
    public bool TryPoll(out ReadOnlySpan<byte> bytes)
    {
        bytes = output.Written;
        output.Clear();
        if (unsent == 0)
        {
            // Who had all of it owes nothing: the time runs from the first of what waits now. Nobody says the time here; what was heard last is seconds old at most.
            takenAt = heardAt;
        }

        unsent += bytes.Length;
        return bytes.Length > 0;
    }

    /// <summary>So many of the bytes have left.</summary>
    public void HasSent(long now, long bytes)
    {
        unsent -= bytes;
        takenAt = heardAt = now;
        if (unsent == 0)
        {
            answers = 0;
        }

        FlushClipboard();
    }

    /// <summary>Bytes of the viewer, in pieces of any size.</summary>
    public void Handle(long now, ReadOnlySpan<byte> bytes)
    {
        if (HasEnded)
        {
            return;
        }

        heardAt = now;
        int before = output.Length;
        try
        {
            while (!HasEnded && (bytes.Length > 0 || input.Count > 0))
            {
                bytes = Skip(bytes);

                // What waits is bounded by the largest message, whatever a driver brings at once.
                int take = Math.Min(bytes.Length, 64 * 1024);
                input.Append(bytes[..take]);
                bytes = bytes[take..];
                while (!HasEnded && TryRead(now))
                {
                }

                if (bytes.Length == 0)
                {
                    break;
                }
            }

            answers += output.Length - before;
            if (answers > MostAnswers)
            {
                End("The viewer reads nothing of what it is sent.");
            }
        }
        catch (ProtocolException wrong)
        {
            End(wrong.Message);
        }
    }

    /// <summary>TLS is up: what follows comes through it.</summary>
    public void TlsStarted(long now)
    {
        if (phase != ServerPhase.Tls)
        {
            return;
        }

        if (veNCrypt == VeNCryptType.X509Vnc)
        {
            output.WriteBytes(challenge);
            phase = ServerPhase.VncPassword;
        }
        else
        {
            phase = ServerPhase.Plain;
        }
    }

    /// <summary>The person lets the viewer in.</summary>
    public void Approve(long now)
    {
        if (phase != ServerPhase.Asking)
        {
            return;
        }

        if (HasSecurityResult)
        {
            output.WriteU32(0);
        }

        askedAt = now;
        phase = ServerPhase.ClientInit;
        Handle(now, []);
    }

    /// <summary>The person doesn't; viewers show the reason.</summary>
    public void Refuse(string reason)
    {
        if (phase == ServerPhase.Asking)
        {
            Fail(reason);
        }
        else
        {
            End(reason);
        }
    }

    /// <summary>Ends it; RFB has no words for that once pictures are sent.</summary>
    public void End(string why)
    {
        if (HasEnded)
        {
            return;
        }

        phase = ServerPhase.Ended;
        events.Enqueue(new(ServerEventKind.Ended, Text: why));
    }

    /// <summary>Ends what waits in vain. Every few seconds is enough.</summary>
    public void Tick(long now)
    {
        heardAt = now;
        if (phase < ServerPhase.Asking && now - startedAt >= options.HandshakeTime)
        {
            End("The viewer did not come through the handshake.");
        }
        else if (phase == ServerPhase.ClientInit && now - askedAt >= Patience + options.HandshakeTime)
        {
            End("The viewer was let in and said nothing.");
        }
        else if (unsent > 0 && now - takenAt >= Patience)
        {
            End("The viewer took nothing for a minute.");
        }
    }

    /// <summary>Frees what the encoders keep.</summary>
    public void Dispose() => encoders.Dispose();

    private bool TryRead(long now) => phase switch
    {
        ServerPhase.Version => ReadVersion(now),
        ServerPhase.Security => ReadSecurity(now),
        ServerPhase.VeNCryptVersion => ReadVeNCryptVersion(),
        ServerPhase.VeNCryptType => ReadVeNCryptType(),
        ServerPhase.VncPassword => ReadVncPassword(now),
        ServerPhase.Plain => ReadPlain(now),
        ServerPhase.ClientInit => ReadClientInit(),
        ServerPhase.Normal => ReadMessage(now),
        _ => RefuseEarly(),
    };

    /// <summary>While somebody else has to act the viewer has nothing to say; a few bytes early are kept, more are not.</summary>
    private bool RefuseEarly() => input.Count > 1024 ? throw new ProtocolException("The viewer went on before it was let in.") : false;

    private bool TryTake(int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (input.Count < count)
        {
            return false;
        }

        bytes = input.Unread[..count];
        input.Consume(count);
        return true;
    }
}

/// <summary>How far a viewer is.</summary>
internal enum ServerPhase : byte
{
    Version,
    Security,
    VeNCryptVersion,
    VeNCryptType,
    Tls,
    VncPassword,
    Plain,
    Asking,
    ClientInit,
    Normal,
    Ended,
}
