using System.Buffers;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Pixels;
using Alongside.Vnc.Security;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Client;

/// <summary>
/// The client's side of RFB 3.3, 3.7 and 3.8, with the encodings and extensions of <see cref="EncodingNumber"/>. Pure: a driver owns the socket.
/// <code>
/// socket ─> Handle ─> ClientHandshake, then messages: UpdateReader (decoders) ─> Picture, TryPoll
///                                                     ClientClipboard         ─> TryPoll
/// socket &lt;─ TryPollOutput &lt;─ Demand, ClientInput, ClientClipboard
/// </code>
/// The driver brings what it read, in pieces of any size, and after each call drains <see cref="TryPoll"/> and <see cref="TryPollOutput"/>. It calls
/// <see cref="Taken"/> when it has used the picture: a client nobody looks at asks for nothing. Not thread-safe. After an exception the
/// connection is of no more use.
/// </summary>
public sealed partial class RfbClient : IDisposable
{
    /// <summary>The largest thing that is ever waited for: a rectangle of the largest picture, packed badly.</summary>
    private const int MaxWaiting = (int)(Frame.MaxPixels * 4L * 9 / 8) + (1024 * 1024);

    /// <summary>Memory for what is waited for that is kept from one update to the next.</summary>
    private const int KeptWaiting = 4 * 1024 * 1024;

    /// <summary>A server that takes nothing while it asks for answers is left.</summary>
    private const int MaxUnsent = 16 * 1024 * 1024;

    /// <summary>A message of RSA-AES, as large as one can be.</summary>
    private const int MaxSealed = 65_535 + 2 + AesEax.TagLength;

    private readonly RfbClientOptions options;
    private readonly ArrayBufferWriter<byte> output = new();

    /// <summary>With RSA-AES: what is to be sent as it goes over the wire, and what came and is not decrypted.</summary>
    private readonly ArrayBufferWriter<byte> wire = new();
    private readonly DripBuffer encrypted = new(MaxSealed);
    private byte[] opened = [];
    private readonly Queue<RfbClientEvent> events = new();
    private readonly DripBuffer waiting = new(MaxWaiting, KeptWaiting);
    private readonly ClientHandshake handshake;
    private readonly Demand demand;
    private readonly ClientInput input;
    private readonly ClientClipboard clipboard;
    private readonly UpdateReader updates;

    /// <param name="options">What it brings and wants; not changed.</param>
    public RfbClient(RfbClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        handshake = new(options, output, Flush);
        demand = new(output);
        input = new(output);
        clipboard = new(output, events);
        updates = new(output, events, demand, input);
    }

    /// <summary>The handshake is over: there is a desktop.</summary>
    public bool IsReady { get; private set; }

    /// <summary>What answers is a VNC server: it has said its version.</summary>
    public bool IsServer => handshake.HasVersion;

    /// <summary>
    /// The handshake failed since VeNCrypt holds nothing for us there, which is known only after it was chosen; among what was offered beside it something would do. The next
    /// connection has it by <see cref="RfbClientOptions.AvoidsVeNCrypt"/>. Never with <see cref="RfbClientOptions.WantsKnownServer"/>.
    /// </summary>
    public bool HasOtherSecurity => handshake.HasOtherSecurity;

    /// <summary>Everything goes through TLS.</summary>
    public bool IsEncrypted => handshake.IsEncrypted;

    /// <summary>The desktop, in one frame for as long as it has one size; null before <see cref="RfbClientEventKind.Ready"/>.</summary>
    public Frame? Picture => IsReady ? updates.Picture : null;

    /// <summary>For measurements: pixels of all rectangles so far.</summary>
    internal long PixelsPainted => updates.Painted;

    /// <summary>At least one; within the picture.</summary>
    public IReadOnlyList<RfbScreen> Screens => updates.Screens;

    /// <summary>What the server calls its desktop, as UTF-8 and without check of its characters; empty before <see cref="IsReady"/>.</summary>
    public string Name => updates.Name;

    /// <summary>The server can be asked for a size.</summary>
    public bool CanAskForSize => updates.HasSizes;

    /// <summary>Takes what the server sent, as it came.</summary>
    /// <param name="now">Microseconds of a monotonic clock.</param>
    /// <param name="bytes">Any number of them.</param>
    /// <exception cref="ProtocolException">The server did not keep to RFB, or wants what cannot be.</exception>
    /// <exception cref="RfbRefusedException">The server lets us not in.</exception>
    public void Handle(long now, ReadOnlySpan<byte> bytes)
    {
        if (handshake.WantsTls && bytes.Length > 0)
        {
            throw new ProtocolException("The VNC server spoke before its turn.");
        }

        if (handshake.Reading is null)
        {
            HandlePlain(now, bytes);
            bytes = [];
        }

        if (handshake.Reading is not null)
        {
            HandleEncrypted(now, bytes);
        }
    }

    /// <summary>The next thing that happened, in order; false: nothing more has.</summary>
    public bool TryPoll(out RfbClientEvent e) => events.TryDequeue(out e);

    /// <summary>Takes what is to be sent. Valid until the next call of anything here.</summary>
    public bool TryPollOutput(out ReadOnlyMemory<byte> bytes)
    {
        if (handshake.Writing is not null || wire.WrittenCount > 0)
        {
            Flush();
            bytes = wire.WrittenMemory;
            wire.ResetWrittenCount();
            return !bytes.IsEmpty;
        }

        bytes = output.WrittenMemory;
        if (bytes.IsEmpty)
        {
            return false;
        }

        // Only the count: the bytes stay until something is written over them.
        output.ResetWrittenCount();
        return true;
    }

    /// <summary>TLS stands: from now on what is read from it is brought here, and what is to be sent goes into it.</summary>
    /// <param name="now">Microseconds of a monotonic clock.</param>
    /// <exception cref="InvalidOperationException"><see cref="RfbClientEventKind.StartTls"/> did not ask for it.</exception>
    public void TlsStarted(long now) => handshake.TlsStarted();

    /// <summary>The picture was used as it is now.</summary>
    public void Taken()
    {
        if (IsReady)
        {
            demand.Taken();
        }
    }

    /// <summary>Moves the pointer there, in pixels; beyond the picture is at its edge. Bits of <paramref name="buttons"/>: 0 left, 1 middle, 2 right, 3 back, 4 forward.</summary>
    public void Pointer(int x, int y, int buttons)
    {
        if (IsReady)
        {
            input.Pointer(Math.Clamp(x, 0, updates.Picture.Width - 1), Math.Clamp(y, 0, updates.Picture.Height - 1), buttons);
        }
    }

    /// <summary>In 1/120 of a notch; right and down positive. Remainders are kept.</summary>
    public void Wheel(int dx, int dy)
    {
        if (IsReady)
        {
            input.Wheel(dx, dy);
        }
    }

    /// <summary>A key by what it means (<paramref name="keysym"/> of X, 0 unknown) and where it is (<paramref name="usage"/> of USB HID, 0 unknown).</summary>
    public void Key(bool down, uint keysym, ushort usage)
    {
        if (IsReady)
        {
            input.Key(down, keysym, usage);
        }
    }

    /// <summary>Every key and button that was pressed here goes up.</summary>
    public void ReleaseAll()
    {
        if (IsReady)
        {
            input.ReleaseAll();
        }
    }

    /// <summary>Somebody on our side copied this; lines end with \n.</summary>
    public void Copy(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IsReady)
        {
            clipboard.Set(text);
        }
    }

    /// <summary>
    /// Asks the server for a desktop of this size, with one screen. False: it is not one that can be asked.
    /// <code>
    /// u8 251 | u8 0 | u16 width | u16 height | u8 1 | u8 0 | ( u32 id | u16 x | u16 y | u16 width | u16 height | u32 flags )
    /// </code>
    /// </summary>
    public bool TryAskForSize(int width, int height)
    {
        if (!IsReady || !CanAskForSize || !Frame.IsValidSize(width, height))
        {
            return false;
        }

        output.WriteU8(ClientMessageType.SetDesktopSize);
        output.WriteU8(0);
        output.WriteU16(width);
        output.WriteU16(height);
        output.WriteU16(0x0100);
        output.WriteU32(Screens[0].Id);
        output.WriteU32(0);
        output.WriteU16(width);
        output.WriteU16(height);
        output.WriteU32(Screens[0].Flags);
        return true;
    }

    /// <summary>Frees what the decoders keep. <see cref="Picture"/> stays as it is.</summary>
    public void Dispose()
    {
        updates.Dispose();
        handshake.Dispose();
    }

    /// <summary>What was written so far is put on the wire as it goes there now.</summary>
    private void Flush()
    {
        if (handshake.Writing is { } messages)
        {
            messages.Seal(output.WrittenSpan, wire);
        }
        else
        {
            wire.Write(output.WrittenSpan);
        }

        output.ResetWrittenCount();
    }

    /// <summary>Says how we want pixels and what we know, and asks for all of the picture.</summary>
    private void Enter(long now, ServerInit init)
    {
        IsReady = true;
        updates.Name = init.Name;
        output.WriteU32(ClientMessageType.SetPixelFormat);
        PixelFormat.Bgrx.Write(output);
        List<int> known =
        [
            .. options.Encodings,
            EncodingNumber.CompressLowest + Math.Clamp(options.Compression, 0, 9),
            EncodingNumber.CursorWithAlpha, EncodingNumber.Cursor, EncodingNumber.PointerPosition,

            // A server that can say where its pointer is has less reason to draw it into the picture.
            EncodingNumber.VmwarePointerPosition,
            EncodingNumber.ExtendedDesktopSize, EncodingNumber.DesktopSize, EncodingNumber.DesktopName,
            EncodingNumber.LastRect, EncodingNumber.Fence, EncodingNumber.ContinuousUpdates,
            EncodingNumber.QemuExtendedKey, EncodingNumber.ExtendedMouseButtons, EncodingNumber.ExtendedClipboard,
        ];
        if (options.Quality is { } quality)
        {
            known.Add(EncodingNumber.QualityLowest + Math.Clamp(quality, 0, 9));
        }

        output.WriteU8(ClientMessageType.SetEncodings);
        output.WriteU8(0);
        output.WriteU16(known.Count);
        foreach (int number in known)
        {
            output.WriteU32((uint)number);
        }

        updates.Resize(now, init.Width, init.Height);
        events.Enqueue(new(RfbClientEventKind.Ready));
    }
}
