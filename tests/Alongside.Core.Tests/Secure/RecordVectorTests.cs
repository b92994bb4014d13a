using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Alongside.Core.Secure;
using Alongside.Core.Secure.Records;
using Alongside.Testing;

namespace Alongside.Core.Tests.Secure;

/// <summary>
/// Records under fixed secrets (tests/vectors/secure-records.json), across changes of key. Byte i of a message is (i·7 + its length) mod 256; of
/// a record over 200 bytes the file has the SHA-256.
/// </summary>
public sealed class RecordVectorTests
{
    [Fact]
    public void Records_are_the_vectors() =>
        Vectors.Check("secure-records.json", new JsonObject { ["pair"] = PairRecords(), ["stream"] = StreamRecords() });

    private static JsonObject PairRecords()
    {
        const int perEpoch = 3;
        byte[] secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        using var sealer = new PairSealer((byte[])secret.Clone(), 0, RecordLimits.Default with { RecordsPerEpoch = perEpoch });
        using var opener = new PairOpener((byte[])secret.Clone(), PathOrder.Ordered, RecordLimits.Default);
        var messages = new JsonArray();
        foreach (var (channel, length) in ((byte, int)[])[(0, 0), (1, 1), (0, 17), (4, 140_000), (2, 9), (5, 65_510), (5, 65_511), (1, 5)])
        {
            var records = new JsonArray();
            foreach (var (at, count, end) in Cut(length, PairRecord.MaxContent))
            {
                var record = new byte[count + PairRecord.Overhead];
                Message(length).AsSpan(at, count).CopyTo(record.AsSpan(PairRecord.HeaderLength + PairRecord.PrefixLength));
                sealer.Seal(0, channel, end ? PairRecord.End : (byte)0, record);
                records.Add(Show(record));
                var plain = new byte[count + PairRecord.PrefixLength];
                Assert.True(opener.TryOpen(0, record, plain));
                Assert.Equal(Message(length)[at..(at + count)], plain[2..]);
            }

            messages.Add(new JsonObject { ["channel"] = channel, ["length"] = length, ["records"] = records });
        }

        return new JsonObject { ["secret"] = Vectors.Hex(secret), ["recordsPerEpoch"] = perEpoch, ["messages"] = messages };
    }

    private static JsonArray StreamRecords()
    {
        var epochs = new JsonArray();
        var random = new SeededRandomSource(11);
        using var sealer = new StreamSealer(3);
        using var opener = new StreamOpener(3);
        foreach (var lengths in (int[][])[[10, 0, 70_000], [5], [65_511, 65_512]])
        {
            sealer.NewEpoch(random);
            opener.SetKey(sealer.Epoch, sealer.Secret, sealer.Counter);
            var messages = new JsonArray();
            foreach (var length in lengths)
            {
                var records = new JsonArray();
                byte[]? opened = null;
                sealer.Seal(Message(length), records, (list, record) =>
                {
                    list.Add(Show(record.Span));
                    if (opener.TryOpen(record.Span, out var message))
                    {
                        opened = message.ToArray();
                    }
                });
                Assert.Equal(Message(length), opened);
                messages.Add(new JsonObject { ["length"] = length, ["records"] = records });
            }

            epochs.Add(new JsonObject { ["stream"] = 3, ["epoch"] = sealer.Epoch, ["secret"] = Vectors.Hex(sealer.Secret), ["messages"] = messages });
        }

        return epochs;
    }

    private static IEnumerable<(int At, int Count, bool End)> Cut(int length, int most)
    {
        var at = 0;
        do
        {
            var count = Math.Min(most, length - at);
            yield return (at, count, at + count == length);
            at += count;
        }
        while (at < length);
    }

    private static byte[] Message(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)((i * 7) + length))];

    private static JsonNode Show(ReadOnlySpan<byte> record) => record.Length <= 200
        ? Vectors.Hex(record)
        : new JsonObject { ["length"] = record.Length, ["sha256"] = Vectors.Hex(SHA256.HashData(record)) };
}
