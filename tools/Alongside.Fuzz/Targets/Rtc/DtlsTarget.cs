using Alongside.Fuzz.Cases;
using Alongside.Rtc.Dtls;
using Alongside.Rtc.Dtls.OpenSsl;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>
/// Datagrams to both ends of a DTLS session. What is under attack is OpenSSL, and how we hold it. A message is:
/// <code>
/// u8 flags (bit 0: to the client, not the server; bit 1: the next datagram that the other end has for it, of which the rest says what is changed by exclusive or) | rest
/// </code>
/// Hellos and keys are OpenSSL's own and are others each time, as is then what a case gets to see; that nothing falls over does not depend on them.
/// </summary>
public sealed class DtlsTarget() : Target("dtls", "Alongside.Rtc.Dtls")
{
    private static readonly DtlsIdentity Server = DtlsIdentity.Create(new Zeros()), Client = DtlsIdentity.Create(new Zeros());

    public override int MaxLength => 1500;

    public override IEnumerable<Case> Seeds()
    {
        byte[] hello = new byte[2000], toServer = [2], toClient = [3];
        using (var client = new OpenSslDtls(Client, Server.Fingerprint, isClient: true))
        {
            client.Start(0);
            hello = hello[..client.Poll(0, hello)];
        }

        byte[][] meet = [toServer, toClient, toClient, toClient, toServer, toServer, toServer, toServer, toClient, toClient];
        yield return new([[0, .. hello]]);
        yield return new(meet);
        yield return new([.. meet, [0, 23, 254, 253, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0], [1, 21, 254, 253, 0, 1, 0, 0, 0, 0, 0, 1, 0, 2, 1, 0]]);
        yield return new([toServer, [3, .. new byte[30], 1]]);
        yield return new([toServer, toClient, toClient, toClient, [2, .. new byte[60], 7]]);
    }

    public override Subject Start() => new Session();

    private sealed class Session : Subject
    {
        private readonly OpenSslDtls server = new(Server, Client.Fingerprint, isClient: false), client = new(Client, Server.Fingerprint, isClient: true);
        private readonly byte[] plaintext = new byte[2000], written = new byte[2000];
        private readonly Queue<byte[]> toServer = new(), toClient = new();
        private long now = 1;

        public Session()
        {
            server.Start(now);
            client.Start(now);
            Drain();
        }

        public override void Take(ReadOnlySpan<byte> message)
        {
            if (message.IsEmpty)
            {
                return;
            }

            now += 1000;
            bool isForClient = (message[0] & 1) != 0;
            ReadOnlySpan<byte> datagram = message[1..];
            if ((message[0] & 2) != 0)
            {
                if (!(isForClient ? toClient : toServer).TryDequeue(out byte[]? honest))
                {
                    return;
                }

                for (int i = 0; i < Math.Min(honest.Length, datagram.Length); i++)
                {
                    honest[i] ^= datagram[i];
                }

                datagram = honest;
            }

            var end = isForClient ? client : server;
            while (end.Receive(now, datagram, plaintext) > 0)
            {
                datagram = [];
            }

            end.Protect([1, 2, 3], written);
            Drain();
        }

        protected override void Dispose(bool disposing)
        {
            server.Dispose();
            client.Dispose();
        }

        private void Drain()
        {
            while (server.Poll(now, written) is > 0 and var length)
            {
                toClient.Enqueue(written[..length]);
            }

            while (client.Poll(now, written) is > 0 and var length)
            {
                toServer.Enqueue(written[..length]);
            }
        }
    }
}
