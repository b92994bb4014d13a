using System.Buffers.Binary;

namespace Alongside.Fuzz.Cases;

/// <summary>
/// What a decoder is fed with: messages, one after another. As a file, and so as a vector in <c>tests/vectors/fuzz</c>:
/// <code>
/// ( u32 length | bytes ) * messages
/// </code>
/// </summary>
public sealed class Case(IReadOnlyList<byte[]> messages)
{
    public IReadOnlyList<byte[]> Messages { get; } = messages;

    public int Length => Messages.Sum(message => message.Length);

    public static Case Read(ReadOnlySpan<byte> file)
    {
        var messages = new List<byte[]>();
        while (file.Length >= 4)
        {
            int length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(file), (uint)(file.Length - 4));
            messages.Add(file.Slice(4, length).ToArray());
            file = file[(4 + length)..];
        }

        return new(messages);
    }

    public byte[] ToFile()
    {
        byte[] file = new byte[Length + (4 * Messages.Count)];
        var rest = file.AsSpan();
        foreach (byte[] message in Messages)
        {
            BinaryPrimitives.WriteInt32BigEndian(rest, message.Length);
            message.CopyTo(rest[4..]);
            rest = rest[(4 + message.Length)..];
        }

        return file;
    }
}
