using System.Buffers.Binary;

namespace Alongside.Fuzz.Cases;

/// <summary>Makes a case from another one: a few changes of bits, numbers, pieces and whole messages. The same for the same seed.</summary>
internal sealed class Mutator(Random random, byte[][] words)
{
    private static readonly uint[] Interesting =
        [0, 1, 2, 3, 4, 15, 16, 17, 63, 64, 65, 127, 128, 129, 255, 256, 257, 4095, 4096, 16384, 16385, 32767, 32768, 65534, 65535, 65536, int.MaxValue, 1u << 31, uint.MaxValue];

    /// <summary>Sides of comparisons that the parent did not pass.</summary>
    public List<(int Left, int Right)> Pairs { get; } = [];

    public Case Mutate(Case parent, Case other, int maxLength)
    {
        var messages = parent.Messages.Select(message => new List<byte>(message)).ToList();
        for (int changes = 1 << random.Next(5); changes > 0; changes--)
        {
            if (messages.Count == 0 || (random.Next(16) == 0 && (messages.Count > 1 || other.Messages.Count > 1)))
            {
                ChangeOrder(messages, other);
            }
            else
            {
                ChangeBytes(messages[random.Next(messages.Count)], other);
            }
        }

        int room = maxLength;
        var cut = new List<byte[]>(messages.Count);
        foreach (var message in messages)
        {
            cut.Add([.. message.Take(room)]);
            room -= cut[^1].Length;
        }

        return new(cut);
    }

    private void ChangeOrder(List<List<byte>> messages, Case other)
    {
        int at = random.Next(messages.Count + 1);
        switch (random.Next(4))
        {
            case 0 when messages.Count > 1:
                messages.RemoveAt(Math.Min(at, messages.Count - 1));
                break;
            case 1 when messages.Count > 1:
                int with = random.Next(messages.Count);
                at = Math.Min(at, messages.Count - 1);
                (messages[at], messages[with]) = (messages[with], messages[at]);
                break;
            case 2 when messages.Count is > 0 and < 64:
                messages.Insert(at, [.. messages[random.Next(messages.Count)]]);
                break;
            default:
                if (other.Messages.Count > 0 && messages.Count < 64)
                {
                    messages.Insert(at, [.. other.Messages[random.Next(other.Messages.Count)]]);
                }

                break;
        }
    }

    private void ChangeBytes(List<byte> bytes, Case other)
    {
        if (bytes.Count == 0)
        {
            bytes.Add((byte)random.Next(256));
            return;
        }

        int at = random.Next(bytes.Count);
        switch (random.Next(12))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes[at] += (byte)(random.Next(2) == 0 ? 1 : 255);
                break;
            case 3:
                bytes.Insert(at, (byte)random.Next(256));
                break;
            case 4:
                bytes.RemoveRange(at, random.Next(1, Math.Min(32, bytes.Count - at) + 1));
                break;
            case 5:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, random.Next(1, Math.Min(64, bytes.Count - at) + 1)));
                break;
            case 6:
                PutNumber(bytes, at, Interesting[random.Next(Interesting.Length)], 1 << random.Next(3), random.Next(8) == 0);
                break;
            case 7 when words.Length > 0:
                Put(bytes, at, words[random.Next(words.Length)], random.Next(2) == 0);
                break;
            case 8 when other.Messages.Count > 0:
                byte[] from = other.Messages[random.Next(other.Messages.Count)];
                int start = random.Next(from.Length + 1);
                Put(bytes, at, from.AsSpan(start, Math.Min(from.Length - start, random.Next(64))), random.Next(2) == 0);
                break;
            case 9:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                PassComparison(bytes);
                break;
        }
    }

    /// <summary>Puts one side of a comparison where the other one stands in the input, exactly or just beside it.</summary>
    private void PassComparison(List<byte> bytes)
    {
        if (Pairs.Count == 0)
        {
            return;
        }

        var (left, right) = Pairs[random.Next(Pairs.Count)];
        var (old, wanted) = random.Next(2) == 0 ? (left, right) : (right, left);
        wanted += random.Next(4) switch { 0 => 1, 1 => -1, _ => 0 };
        int width = 1 << random.Next(3), offset = random.Next(bytes.Count);
        bool little = random.Next(4) == 0;
        for (int i = 0; i + width <= bytes.Count; i++)
        {
            int at = (i + offset) % (bytes.Count - width + 1);
            if (Number(bytes, at, width, little) == ((uint)old & Mask(width)))
            {
                PutNumber(bytes, at, (uint)wanted, width, little);
                return;
            }
        }
    }

    private static uint Mask(int width) => width == 4 ? uint.MaxValue : (1u << (8 * width)) - 1;

    private static uint Number(List<byte> bytes, int at, int width, bool little)
    {
        uint value = 0;
        for (int i = 0; i < width; i++)
        {
            value = (value << 8) | bytes[little ? at + width - 1 - i : at + i];
        }

        return value;
    }

    private static void PutNumber(List<byte> bytes, int at, uint value, int width, bool little)
    {
        Span<byte> number = stackalloc byte[4];
        if (little)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(number, value);
            Put(bytes, at, number[..width], insert: false);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(number, value);
            Put(bytes, at, number[(4 - width)..], insert: false);
        }
    }

    private static void Put(List<byte> bytes, int at, ReadOnlySpan<byte> piece, bool insert)
    {
        if (insert)
        {
            bytes.InsertRange(at, piece.ToArray());
            return;
        }

        for (int i = 0; i < piece.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = piece[i];
        }
    }
}
