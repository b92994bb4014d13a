using Alongside.Core.Secure;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Secure;

/// <summary>
/// A handshake with somebody between. The first byte of a message says where it goes and what it is: bit 0 to the viewer, else to the host; bit 1
/// the honest payload that is due, in which bytes are changed as the rest says, ( u8 place, u8 flipped bits ) *; else the rest itself.
/// </summary>
public sealed class HandshakeTarget() : Target("handshake", "Alongside.Core.Secure")
{
    public override int MaxLength => 1024;

    public override IEnumerable<Case> Seeds()
    {
        using SecurePeer viewer = Peers.Viewer(), host = Peers.Host();
        viewer.Start(0);
        byte[] hello = Peers.Next(viewer)!;
        host.Handle(0, hello);
        byte[] answer = Peers.Next(host)!;
        viewer.Handle(0, answer);
        byte[] finish = Peers.Next(viewer)!;
        host.Handle(0, finish);
        byte[] hostFinish = Peers.Next(host)!;
        yield return new([[2], [3], [2], [3]]);
        yield return new([[0, .. hello], [1, .. answer], [0, .. finish], [1, .. hostFinish]]);
        yield return new([[2], [3, 5, 1], [2, 20, 255], [3]]);
        yield return new([[1, 0x14, 3]]);
    }

    public override Subject Start() => new Middle();

    private sealed class Middle : Subject
    {
        private readonly SecurePeer viewer = Peers.Viewer();
        private readonly SecurePeer host = Peers.Host();

        public Middle() => viewer.Start(0);

        // A point on the curve is many numbers of arithmetic, whatever a message's length is.
        public override long MemoryFor(ReadOnlySpan<byte> message) => 256 * 1024;

        public override void Take(ReadOnlySpan<byte> message)
        {
            if (message.IsEmpty)
            {
                viewer.Tick(long.MaxValue / 2);
                return;
            }

            bool toViewer = (message[0] & 1) != 0;
            byte[] payload = message[1..].ToArray();
            if ((message[0] & 2) != 0)
            {
                payload = Peers.Next(toViewer ? host : viewer) ?? [];
                for (int i = 1; i + 1 < message.Length && payload.Length > 0; i += 2)
                {
                    payload[message[i] % payload.Length] ^= message[i + 1];
                }
            }

            var to = toViewer ? viewer : host;
            to.Handle(1, payload);
            Peers.Drain(to);
        }

        protected override void Dispose(bool disposing)
        {
            viewer.Dispose();
            host.Dispose();
        }
    }
}
