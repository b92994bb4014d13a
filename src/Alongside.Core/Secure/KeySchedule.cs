using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Alongside.Core.Secure;

/// <summary>
/// Everything that comes out of one handshake: PRK = HKDF-Extract(salt T, ISK), then a label for each use. T is the hash of all that was
/// said, so two sides that were told different things have nothing in common.
/// </summary>
internal sealed class KeySchedule
{
    private const string Prefix = "alongside/1 ";

    private readonly byte[] transcript;

    public KeySchedule(byte[] transcript, byte[] isk)
    {
        this.transcript = transcript;
        Prk = HKDF.Extract(HashAlgorithmName.SHA256, isk, transcript);
    }

    /// <summary>Seen by the vectors' tests.</summary>
    public byte[] Prk { get; }

    public byte[] Transcript => transcript;

    public byte[] ViewerConfirm() => HMACSHA256.HashData(Expand("confirm viewer", 32), transcript);

    public byte[] HostConfirm() => HMACSHA256.HashData(Expand("confirm host", 32), transcript);

    public byte[] ViewerToHost() => Expand("viewer to host", 32);

    public byte[] HostToViewer() => Expand("host to viewer", 32);

    /// <summary>The place is the session's id, 8 bytes as 16 hex digits.</summary>
    public Credential Resume() => new(CredentialKind.Resume, Convert.ToHexStringLower(Expand("session", 8)), Expand("resume", 32));

    public string CheckDigits() =>
        RoomCode.FormatDigits((BinaryPrimitives.ReadUInt64BigEndian(Expand("check", 8)) % 1_000_000).ToString("D6", null));

    /// <summary>HKDF-Expand under the project's prefix, of the PRK or of a traffic secret.</summary>
    public static void Expand(ReadOnlySpan<byte> secret, string label, Span<byte> output)
    {
        Span<byte> info = stackalloc byte[64];
        var length = Encoding.ASCII.GetBytes(Prefix, info);
        length += Encoding.ASCII.GetBytes(label, info[length..]);
        HKDF.Expand(HashAlgorithmName.SHA256, secret, output, info[..length]);
    }

    public void Forget() => CryptographicOperations.ZeroMemory(Prk);

    private byte[] Expand(string label, int length)
    {
        var output = new byte[length];
        Expand(Prk, label, output);
        return output;
    }
}
