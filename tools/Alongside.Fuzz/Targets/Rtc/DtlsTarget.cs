using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>
/// Datagrams to both ends of a DTLS session that begins. What is under attack is OpenSSL, and how we hold it. A message is:
/// <code>
/// u8 flags (bit 0: to the client, not the server; bit 1: the next datagram that the other end has for it, of which the rest says what is changed by exclusive or) | rest
/// </code>
/// Hellos and keys are OpenSSL's own and are others each time, as is then what a case gets to see; that nothing falls over does not depend on them.
/// </summary>
public sealed class DtlsTarget() : Target("dtls", "Alongside.Rtc.Dtls")
{
    public override int MaxLength => 1500;

    public override IEnumerable<Case> Seeds()
    {
        byte[] hello = new byte[2000], toServer = [2], toClient = [3];
        using (var client = DtlsPair.NewClient())
        {
            client.Start(0);
            hello = hello[..client.Poll(0, hello)];
        }

        yield return new([[0, .. hello]]);
        yield return new([toServer, toClient, toClient, toClient, toServer, toServer, toServer, toServer, toClient, toClient]);
        yield return new([toServer, [3, .. new byte[30], 1]]);
        yield return new([toServer, toClient, toClient, toClient, [2, .. new byte[60], 7]]);
    }

    public override Subject Start() => new Session();

    private sealed class Session : Subject
    {
        private readonly DtlsPair pair = new();

        public override void Take(ReadOnlySpan<byte> message)
        {
            if (message.IsEmpty)
            {
                return;
            }

            bool toClient = (message[0] & 1) != 0;
            if ((message[0] & 2) == 0)
            {
                pair.Take(toClient, message[1..]);
            }
            else
            {
                pair.PassOn(toClient, message[1..]);
            }
        }

        protected override void Dispose(bool disposing) => pair.Dispose();
    }
}
