using System.Buffers;
using System.Text;
using Alongside.Core.Wire;

namespace Alongside.Core.Secure;

/// <summary>The first byte of every payload.</summary>
internal static class PayloadKind
{
    public const byte ViewerHello = 0x10;
    public const byte HostHello = 0x11;
    public const byte ViewerFinish = 0x12;
    public const byte HostFinish = 0x13;
    public const byte Refuse = 0x14;
    public const byte PairRecord = 0x20;
    public const byte StreamRecord = 0x21;
}

/// <summary>
/// <code>
/// u8 0x10 | u8 n, u16 version[n] | nonce 16 | u8 credential | u8 placeLength, place | u8 m, u16 capability[m]
/// </code>
/// </summary>
internal sealed record ViewerHello(ushort[] Versions, byte[] Nonce, CredentialKind Credential, string Place, ushort[] Capabilities)
{
    public byte[] Write()
    {
        var output = new ArrayBufferWriter<byte>();
        output.WriteU8(PayloadKind.ViewerHello);
        HelloLists.Write(output, Versions);
        output.WriteBytes(Nonce);
        output.WriteU8((byte)Credential);
        output.WriteU8((byte)Place.Length);
        output.WriteBytes(Encoding.ASCII.GetBytes(Place));
        HelloLists.Write(output, Capabilities);
        return output.WrittenSpan.ToArray();
    }

    public static ViewerHello Read(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload[1..]);
        var versions = HelloLists.Read(ref reader);
        var nonce = reader.Take(Handshake.NonceLength).ToArray();
        var credential = (CredentialKind)reader.ReadU8();
        var place = reader.Take(reader.ReadU8());
        var capabilities = HelloLists.Read(ref reader);
        reader.End();
        if (versions.Length == 0)
        {
            throw new ProtocolException("A Hello named no version.");
        }

        if (place.Length is 0 or > Secure.Credential.MaxPlace || place.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e))
        {
            throw new ProtocolException("A Hello named no proper place.");
        }

        return new ViewerHello(versions, nonce, credential, Encoding.ASCII.GetString(place), capabilities);
    }
}

/// <summary>
/// <code>
/// u8 0x11 | u16 version | [from version 2: nonce 16 of the Hello that is answered] | nonce 16 | u8 m, u16 capability[m] | share 65
/// </code>
/// </summary>
/// <param name="Answered">The viewer's nonce; empty in version 1.</param>
internal sealed record HostHello(ushort Version, byte[] Answered, byte[] Nonce, ushort[] Capabilities)
{
    /// <summary>The message without the share: what is hashed before the share can be made.</summary>
    public byte[] WriteHead()
    {
        var output = new ArrayBufferWriter<byte>();
        output.WriteU8(PayloadKind.HostHello);
        output.WriteU16(Version);
        output.WriteBytes(Answered);
        output.WriteBytes(Nonce);
        HelloLists.Write(output, Capabilities);
        return output.WrittenSpan.ToArray();
    }

    public static HostHello Read(ReadOnlySpan<byte> payload, out byte[] share)
    {
        var reader = new WireReader(payload[1..]);
        var version = reader.ReadU16();
        var answered = version >= Handshake.BoundVersion ? reader.Take(Handshake.NonceLength).ToArray() : [];
        var nonce = reader.Take(Handshake.NonceLength).ToArray();
        var capabilities = HelloLists.Read(ref reader);
        share = reader.Take(Cpace.ShareLength).ToArray();
        reader.End();
        return new HostHello(version, answered, nonce, capabilities);
    }
}

/// <summary>
/// <code>
/// u8 count | u16 number[count]
/// </code>
/// Strictly ascending, so that a list has one form.
/// </summary>
internal static class HelloLists
{
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<ushort> numbers)
    {
        output.WriteU8(checked((byte)numbers.Length));
        foreach (var number in numbers)
        {
            output.WriteU16(number);
        }
    }

    public static ushort[] Read(ref WireReader reader)
    {
        var numbers = new ushort[reader.ReadU8()];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = reader.ReadU16();
            if (i > 0 && numbers[i] <= numbers[i - 1])
            {
                throw new ProtocolException("A list in a Hello was not in ascending order.");
            }
        }

        return numbers;
    }

    /// <exception cref="ArgumentException">More than 255 numbers.</exception>
    public static ushort[] Sorted(ReadOnlySpan<ushort> numbers)
    {
        ushort[] sorted = [.. new SortedSet<ushort>(numbers.ToArray())];
        return sorted.Length <= byte.MaxValue ? sorted : throw new ArgumentException("At most 255 capabilities.", nameof(numbers));
    }
}
