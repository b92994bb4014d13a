using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Alongside.Core.Wire;
using Alongside.Vnc.Pixels;
using Alongside.Vnc.Security;

namespace Alongside.Vnc.Server;

/// <summary>
/// From the first byte to the first picture (RFB 7.1 to 7.3).
/// <code>
/// Version ─> Security ─> [VeNCrypt ─> TLS] ─> [password] ─> Asking ─person's answer─> ClientInit ─> Normal
/// </code>
/// </summary>
public sealed partial class ServerSession
{
    private const int VersionLength = 12;

    /// <summary>What a name or a password of Plain may have at most, in bytes.</summary>
    private const int MaxPlain = 255;

    private static ReadOnlySpan<byte> OurVersion => "RFB 003.008\n"u8;

    private bool ReadVersion(long now)
    {
        if (!TryTake(VersionLength, out var version))
        {
            return false;
        }

        // Whatever else viewers say of a version 3, they understand the next lower of the three there are (RFB 7.1.1).
        if (!version.StartsWith("RFB 003."u8) || version[11] != '\n' || !int.TryParse(version[8..11], out minor))
        {
            throw new ProtocolException("What connected is no VNC viewer: it did not begin with a version.");
        }

        minor = minor >= 8 ? 8 : minor == 7 ? 7 : 3;
        if (attempts.Wait(now, source) is > 0 and var wait)
        {
            RefuseAtStart($"Too many wrong passwords. Try again in {(wait + 999_999) / 1_000_000} seconds.");
            return false;
        }

        if (minor == 3)
        {
            // The server decides, and only these two existed.
            byte only = offered.FirstOrDefault(type => type != SecurityType.VeNCrypt);
            if (only == SecurityType.Invalid)
            {
                RefuseAtStart("This server asks for TLS, which viewers of RFB 3.3 do not know.");
                return false;
            }

            output.WriteU32(only);
            Secure(now, only);
            return true;
        }

        output.WriteU8((byte)offered.Length);
        output.WriteBytes(offered);
        phase = ServerPhase.Security;
        return true;
    }

    private bool ReadSecurity(long now)
    {
        if (!TryTake(1, out var chosen))
        {
            return false;
        }

        byte type = chosen[0];
        if (!offered.Contains(type))
        {
            throw new ProtocolException($"The viewer chose security type {type}, which was not offered.");
        }

        Secure(now, type);
        return true;
    }

    private void Secure(long now, byte type)
    {
        switch (type)
        {
            case SecurityType.None:
                Ask(now, null);
                break;
            case SecurityType.VncAuth:
                withPassword = true;
                output.WriteBytes(challenge);
                phase = ServerPhase.VncPassword;
                break;
            default:
                // u8 major | u8 minor of VeNCrypt: 0.2.
                output.WriteU16(0x0002);
                phase = ServerPhase.VeNCryptVersion;
                break;
        }
    }

    private bool ReadVeNCryptVersion()
    {
        if (!TryTake(2, out var version))
        {
            return false;
        }

        bool known = version[0] == 0 && version[1] == 2;
        output.WriteU8(known ? (byte)0 : (byte)1);
        if (!known)
        {
            throw new ProtocolException($"The viewer speaks VeNCrypt {version[0]}.{version[1]}; 0.2 is needed.");
        }

        output.WriteU8(2);

        // Viewers that ask for a password alone are easier to use, as long as all of it counts.
        bool isShort = options.Password!.Length <= VncAuth.MaxPassword;
        output.WriteU32(isShort ? VeNCryptType.X509Vnc : VeNCryptType.X509Plain);
        output.WriteU32(isShort ? VeNCryptType.X509Plain : VeNCryptType.X509Vnc);
        phase = ServerPhase.VeNCryptType;
        return true;
    }

    private bool ReadVeNCryptType()
    {
        if (!TryTake(4, out var chosen))
        {
            return false;
        }

        veNCrypt = BinaryPrimitives.ReadUInt32BigEndian(chosen);
        if (veNCrypt is not (VeNCryptType.X509Plain or VeNCryptType.X509Vnc))
        {
            output.WriteU8(0);
            throw new ProtocolException($"The viewer chose VeNCrypt type {veNCrypt}, which was not offered.");
        }

        if (input.Count > 0)
        {
            throw new ProtocolException("The viewer began TLS before it was told to.");
        }

        output.WriteU8(1);
        withPassword = true;
        phase = ServerPhase.Tls;
        events.Enqueue(new(ServerEventKind.StartTls));
        return false;
    }

    private bool ReadVncPassword(long now)
    {
        if (!TryTake(VncAuth.ChallengeLength, out var response))
        {
            return false;
        }

        Judge(now, CryptographicOperations.FixedTimeEquals(response, VncAuth.Respond(options.Password!, challenge)), null);
        return true;
    }

    /// <summary>u32 length of name | u32 length of password | name | password</summary>
    private bool ReadPlain(long now)
    {
        var unread = input.Unread;
        if (unread.Length < 8)
        {
            return false;
        }

        uint nameLength = BinaryPrimitives.ReadUInt32BigEndian(unread), passwordLength = BinaryPrimitives.ReadUInt32BigEndian(unread[4..]);
        if (nameLength > MaxPlain || passwordLength > MaxPlain)
        {
            throw new ProtocolException("A name or a password was too long.");
        }

        int whole = 8 + (int)nameLength + (int)passwordLength;
        if (unread.Length < whole)
        {
            return false;
        }

        string name = Encoding.UTF8.GetString(unread.Slice(8, (int)nameLength));
        bool right = CryptographicOperations.FixedTimeEquals(unread[(8 + (int)nameLength)..whole], Encoding.UTF8.GetBytes(options.Password!));
        input.Consume(whole);
        Judge(now, right, name);
        return true;
    }

    private void Judge(long now, bool right, string? name)
    {
        // Another connection of the same address may have used up its tries while this one had its question open.
        if (attempts.Wait(now, source) > 0 || !right)
        {
            if (!right)
            {
                attempts.Failed(now, source);
            }

            Fail("The password was wrong, or there were too many attempts.");
            return;
        }

        attempts.Succeeded(source);
        Ask(now, name);
    }

    private void Ask(long now, string? name)
    {
        phase = ServerPhase.Asking;
        askedAt = now;
        events.Enqueue(new(ServerEventKind.Asks, Text: name));
    }

    private bool ReadClientInit()
    {
        // Whether the viewer wants to be alone makes no difference: nobody here is sent away by a guest.
        if (layout is null || !TryTake(1, out _))
        {
            return false;
        }

        NewPicture(layout);
        output.WriteU16(picture!.Width);
        output.WriteU16(picture.Height);
        PixelFormat.Bgrx.Write(output);
        WriteText(options.Name);
        phase = ServerPhase.Normal;
        events.Enqueue(new(ServerEventKind.Ready));
        return true;
    }

    /// <summary>Before a security type was agreed on: 0 types, or type 0, and the reason (RFB 7.1.2).</summary>
    private void RefuseAtStart(string reason)
    {
        if (minor == 3)
        {
            output.WriteU32(SecurityType.Invalid);
        }
        else
        {
            output.WriteU8(0);
        }

        WriteText(reason);
        End(reason);
    }

    /// <summary>SecurityResult: no; a reason since 3.8 (RFB 7.1.3).</summary>
    private void Fail(string reason)
    {
        if (HasSecurityResult)
        {
            output.WriteU32(1);
        }

        if (minor == 8)
        {
            WriteText(reason);
        }

        End(reason);
    }

    /// <summary>Without a password there was no result before 3.8.</summary>
    private bool HasSecurityResult => minor == 8 || withPassword;

    private void WriteText(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        output.WriteU32((uint)utf8.Length);
        output.WriteBytes(utf8);
    }
}
