using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>
/// Datagrams to both ends of a DTLS session that stands, which the next case finds as this one left it: to have two ends meet costs as much as some hundred datagrams.
/// Nothing here ends it, since only who has the keys may. A message is:
/// <code>
/// u8 flags (bit 0: to the client, not the server; bit 1: a record of the other end's, of which the rest says what is changed by exclusive or; bit 2: behind a silence) | rest
/// </code>
/// </summary>
public sealed class DtlsRecordsTarget() : Target("dtls-records", "Alongside.Rtc.Dtls")
{
    private const long Silence = 3_000_000;

    private static DtlsPair? standing;

    public override int MaxLength => 1500;

    public override IEnumerable<Case> Seeds()
    {
        byte[] header = [23, 254, 253, 0, 1, 0, 0, 0, 0, 0, 9];
        yield return new([[2], [3], [6], [7], [2, .. new byte[20], 1]]);
        yield return new([[0, .. header, 0, 0], [1, .. header, 0, 4, 1, 2, 3, 4], [0, .. header, 255, 255]]);

        // An alert, a change of keys, a hello and a Finished that nobody asked for, of before and behind the change of keys.
        foreach (byte kind in new byte[] { 20, 21, 22 })
        {
            yield return new([[0, kind, 254, 253, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 2, 40], [1, kind, 254, 253, 0, 1, 0, 0, 0, 0, 0, 1, 0, 2, 1, 0]]);
        }

        yield return new([[0, 22, 254, 255, 0, 0, 0, 0, 0, 0, 0, 3, 0, 14, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 254, 253]]);
        yield return new([[0, 22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 5, 0, 24, 20, 0, 0, 12, 0, 3, 0, 0, 0, 0, 0, 12, .. new byte[12]], [2]]);
    }

    public override Subject Start() => new Session();

    private sealed class Session : Subject
    {
        private readonly DtlsPair pair = standing ?? DtlsPair.Met();

        public Session() => standing = null;

        public override void Take(ReadOnlySpan<byte> message)
        {
            if (message.IsEmpty)
            {
                return;
            }

            if ((message[0] & 4) != 0)
            {
                pair.Wait(Silence);
                pair.Wait(Silence);
            }

            bool toClient = (message[0] & 1) != 0;
            if ((message[0] & 2) == 0)
            {
                pair.Take(toClient, message[1..]);
            }
            else
            {
                pair.Say(toClient, message[1..]);
            }

            pair.Lose();
            if (!pair.Stands)
            {
                throw new InvalidOperationException($"Whoever does not have the keys ended the session: {pair.EndReason}");
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (pair.Stands)
            {
                standing = pair;
            }
            else
            {
                pair.Dispose();
            }
        }
    }
}
