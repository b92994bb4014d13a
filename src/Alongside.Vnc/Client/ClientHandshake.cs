using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Alongside.Core.Wire;
using Alongside.Vnc.Security;

namespace Alongside.Vnc.Client;

/// <summary>What the server says of its desktop at the end of the handshake.</summary>
internal readonly record struct ServerInit(int Width, int Height, string Name);

/// <summary>
/// From the first byte to the desktop's size (RFB 7.1 to 7.3.2):
/// <code>
/// server  "RFB 003.008\n"                                   client  the same, or the lower version that both know
/// server  u8 count | u8 type * count       (3.3: u32 type)  client  u8 type
///         what the type says: VNC's challenge and answer; VeNCrypt: versions, kinds, TLS, user and password
/// server  u32 result | 3.8, failed: u32 length | reason     client  u8 shared
/// server  u16 width | u16 height | format | u32 length | name
/// </code>
/// A count of 0, and type 0 of 3.3, come with a reason.
/// </summary>
/// <param name="flush">What was written so far goes as the way is now: from here on it is encrypted, or no longer.</param>
internal sealed class ClientHandshake(RfbClientOptions options, IBufferWriter<byte> output, Action flush) : IDisposable
{
    private const int MaxReason = 4096;
    private const int MaxName = 64 * 1024;

    private readonly SecurityChoice choice = new(options);
    private Phase phase;
    private int minor;
    private Protection protection;
    private Proof proof;
    private RsaAes? rsa;
    private bool staysEncrypted;
    private bool offersOther;
    private bool hasProved;

    private enum Phase
    {
        Version = 0,
        OldSecurity,
        Security,
        Refusal,
        VeNCryptVersion,
        VeNCryptAnswer,
        VeNCryptKinds,
        TlsAnswer,
        StartTls,
        Challenge,
        RsaKey,
        RsaSecret,
        RsaProof,
        RsaKind,
        Result,
        Failure,
        Init,
        Done,
    }

    /// <summary>The server has said its version.</summary>
    public bool HasVersion => phase != Phase.Version;

    /// <summary>VeNCrypt held nothing for us, and something beside it would do.</summary>
    public bool HasOtherSecurity { get; private set; }

    /// <summary>TLS is to be started now; no byte is taken before it is.</summary>
    public bool WantsTls => phase == Phase.StartTls;

    /// <summary>TLS without a certificate.</summary>
    public bool IsAnonymous => protection == Protection.Anonymous;

    public bool IsEncrypted => protection != Protection.None || staysEncrypted;

    /// <summary>What comes is in these messages; null: it is as it comes.</summary>
    public EaxMessages? Reading { get; private set; }

    /// <summary>The same for what goes.</summary>
    public EaxMessages? Writing { get; private set; }

    /// <summary>Null until the handshake is over.</summary>
    public ServerInit? Init { get; private set; }

    public void TlsStarted()
    {
        if (phase != Phase.StartTls)
        {
            throw new InvalidOperationException("TLS was not asked for.");
        }

        Prove();
    }

    /// <summary>One step; false when more bytes are needed.</summary>
    public bool TryStep(ReadOnlySpan<byte> input, out int consumed, out int needed)
    {
        consumed = 0;
        needed = Needed(input);
        if (input.Length < needed)
        {
            return false;
        }

        consumed = needed;
        var message = input[..needed];
        switch (phase)
        {
            case Phase.Version:
                ReadVersion(message);
                break;
            case Phase.OldSecurity:
                ReadOldSecurity(BinaryPrimitives.ReadUInt32BigEndian(message));
                break;
            case Phase.Security:
                ReadSecurity(message[1..]);
                break;
            case Phase.VeNCryptVersion:
                Require(message[0] > 0 || message[1] >= 2, "The VNC server speaks a version of VeNCrypt that is too old.");
                output.Write([(byte)0, (byte)2]);
                phase = Phase.VeNCryptAnswer;
                break;
            case Phase.VeNCryptAnswer:
                Require(message[0] == 0, "The VNC server took back its offer of VeNCrypt.");
                phase = Phase.VeNCryptKinds;
                break;
            case Phase.VeNCryptKinds:
                ReadVeNCryptKinds(message[1..]);
                break;
            case Phase.TlsAnswer:
                Require(message[0] == 1, "The VNC server could not begin TLS.");
                phase = Phase.StartTls;
                break;
            case Phase.Challenge:
                output.Write(VncAuth.Respond(options.Password!, message));
                hasProved = true;
                phase = Phase.Result;
                break;
            case Phase.RsaKey:
                ReadServerKey(message);
                break;
            case Phase.RsaSecret:
                rsa!.Agree(message[2..]);
                flush();
                (Reading, Writing) = (rsa.Reading, rsa.Writing);
                output.WriteBytes(rsa.OwnProof);

                // Each thing said is a message of its own, which servers count on.
                flush();
                phase = Phase.RsaProof;
                break;
            case Phase.RsaProof:
                rsa!.Check(message);
                phase = Phase.RsaKind;
                break;
            case Phase.RsaKind:
                ProveWithin(message[0]);
                break;
            case Phase.Result:
                ReadResult(BinaryPrimitives.ReadUInt32BigEndian(message));
                break;
            case Phase.Refusal:
                throw new RfbRefusedException($"{Refusal}: {Words(message[4..])}", false);
            case Phase.Failure:
                throw new RfbRefusedException($"{Refusal}: {Words(message[4..])}", hasProved);
            case Phase.Init:
                // The server's own pixel format says nothing to us: what the client asks for counts from here on.
                Init = new(BinaryPrimitives.ReadUInt16BigEndian(message), BinaryPrimitives.ReadUInt16BigEndian(message[2..]), Words(message[24..]));
                phase = Phase.Done;
                break;
        }

        return true;
    }

    /// <summary>How long the message of this phase is, as far as its first bytes tell.</summary>
    private int Needed(ReadOnlySpan<byte> input) => phase switch
    {
        Phase.Version => 12,
        Phase.OldSecurity or Phase.Result => 4,
        Phase.Security => 1 + (input.IsEmpty ? 0 : input[0]),
        Phase.VeNCryptVersion => 2,
        Phase.VeNCryptAnswer or Phase.TlsAnswer => 1,
        Phase.VeNCryptKinds => 1 + (input.IsEmpty ? 0 : input[0] * 4),
        Phase.Challenge => VncAuth.ChallengeLength,
        Phase.RsaKey => RsaAes.KeyLength(input),
        Phase.RsaSecret => SecretLength(input),
        Phase.RsaProof => rsa!.HashLength,
        Phase.RsaKind => 1,
        Phase.Refusal or Phase.Failure => WithText(input, 0, MaxReason),
        Phase.Init => WithText(input, 20, MaxName),
        _ => throw new ProtocolException("The VNC server spoke before its turn."),
    };

    /// <summary>Fixed bytes, a length, and so many more.</summary>
    private static int WithText(ReadOnlySpan<byte> input, int before, int most)
    {
        if (input.Length < before + 4)
        {
            return before + 4;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(input[before..]);
        Require(length <= most, "The VNC server sent a text that is too long.");
        return before + 4 + (int)length;
    }

    private void ReadVersion(ReadOnlySpan<byte> text)
    {
        Require(
            text.StartsWith("RFB "u8) && text[7] == '.' && text[11] == '\n'
                && int.TryParse(text[4..7], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
                && int.TryParse(text[8..11], NumberStyles.None, CultureInfo.InvariantCulture, out minor) & major >= 3,
            "What answers there is not a VNC server.");

        // Some servers have numbers of their own above 3.8; all of them know 3.8. 3.5 was never published, and means 3.3.
        minor = text[6] > '3' || text[5] > '0' || text[4] > '0' || minor >= 8 ? 8 : minor == 7 ? 7 : 3;
        output.Write(minor switch
        {
            8 => "RFB 003.008\n"u8,
            7 => "RFB 003.007\n"u8,
            _ => "RFB 003.003\n"u8,
        });
        phase = minor == 3 ? Phase.OldSecurity : Phase.Security;
    }

    private void ReadOldSecurity(uint type)
    {
        if (type == SecurityType.Invalid)
        {
            phase = Phase.Refusal;
            return;
        }

        Require(type is SecurityType.None or SecurityType.VncAuth, "The VNC server wants a kind of security that its version does not know.");
        Require(choice.Choose([(byte)type]) != SecurityType.Invalid, choice.Refusal([(byte)type]));
        Begin((byte)type);
    }

    private void ReadSecurity(ReadOnlySpan<byte> offered)
    {
        if (offered.IsEmpty)
        {
            phase = Phase.Refusal;
            return;
        }

        byte type = choice.Choose(offered);
        Require(type != SecurityType.Invalid, choice.Refusal(offered));
        offersOther = !options.WantsKnownServer && choice.Choose(offered, withVeNCrypt: false) != SecurityType.Invalid;
        output.WriteU8(type);
        Begin(type);
    }

    private void Begin(byte type)
    {
        switch (type)
        {
            case SecurityType.VeNCrypt:
                phase = Phase.VeNCryptVersion;
                break;
            case SecurityType.VncAuth:
                phase = Phase.Challenge;
                break;
            case SecurityType.RsaAes or SecurityType.RsaAes256 or SecurityType.RsaAesUnencrypted or SecurityType.RsaAes256Unencrypted:
                rsa = new(type is SecurityType.RsaAes256 or SecurityType.RsaAes256Unencrypted, options.NewKey!(), options.Random!);
                staysEncrypted = type is SecurityType.RsaAes or SecurityType.RsaAes256;
                phase = Phase.RsaKey;
                break;
            default:
                // Before 3.8 the server says nothing more about "none".
                phase = Phase.Result;
                if (minor < 8)
                {
                    Enter();
                }

                break;
        }
    }

    private void ReadVeNCryptKinds(ReadOnlySpan<byte> bytes)
    {
        Span<uint> offered = stackalloc uint[bytes.Length / 4];
        for (int i = 0; i < offered.Length; i++)
        {
            offered[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(i * 4)..]);
        }

        (uint type, protection, proof) = choice.Choose(offered);
        HasOtherSecurity = type == 0 && offersOther;
        Require(type != 0, choice.Refusal(offered));
        output.WriteU32(type);
        if (protection == Protection.None)
        {
            Prove();
        }
        else
        {
            phase = Phase.TlsAnswer;
        }
    }

    private void Prove()
    {
        phase = proof == Proof.Vnc ? Phase.Challenge : Phase.Result;
        if (proof == Proof.Plain)
        {
            byte[] user = Encoding.UTF8.GetBytes(options.User!), password = Encoding.UTF8.GetBytes(options.Password!);
            output.WriteU32((uint)user.Length);
            output.WriteU32((uint)password.Length);
            output.Write(user);
            output.Write(password);
            hasProved = true;
        }
    }

    private void ReadServerKey(ReadOnlySpan<byte> message)
    {
        if (options.KeyRefusal?.Invoke(SHA256.HashData(message)) is { } refusal)
        {
            throw new RfbRefusedException(refusal, true);
        }

        rsa!.Answer(message, output);
        phase = Phase.RsaSecret;
    }

    private int SecretLength(ReadOnlySpan<byte> input)
    {
        Require(input.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(input) == rsa!.SecretLength, "The VNC server sent a secret of another length.");
        return 2 + rsa!.SecretLength;
    }

    /// <summary>u8 length | user | u8 length | password; 1: with a user, 2: without.</summary>
    private void ProveWithin(byte kind)
    {
        Require(kind is 1 or 2, "The VNC server wants proof of a kind that is not known.");
        Require(kind == 2 || options.User is not null, choice.Missing());
        foreach (string text in (ReadOnlySpan<string>)[kind == 1 ? options.User! : "", options.Password!])
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            Require(utf8.Length <= 255, "The user name or the password is too long for the VNC server.");
            output.WriteU8((byte)utf8.Length);
            output.WriteBytes(utf8);
        }

        hasProved = true;
        flush();
        if (!staysEncrypted)
        {
            Reading = Writing = null;
        }

        phase = Phase.Result;
    }

    public void Dispose() => rsa?.Dispose();

    /// <summary>Who gave no password was refused by a person there, or by the server itself.</summary>
    private string Refusal => hasProved ? "The VNC server refused the password" : "The VNC server lets nobody in";

    private void ReadResult(uint result)
    {
        if (result == 0)
        {
            Enter();
        }
        else if (minor == 8)
        {
            phase = Phase.Failure;
        }
        else
        {
            throw new RfbRefusedException($"{Refusal}.", hasProved);
        }
    }

    private void Enter()
    {
        output.WriteU8(options.Shared ? (byte)1 : (byte)0);
        phase = Phase.Init;
    }

    private static string Words(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8).Trim();

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ProtocolException(otherwise);
        }
    }
}
