using Alongside.Core.Relay;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Relay;

/// <summary>
/// A client in a room of a hostile server. The first byte of a message: 0 text, 1 a frame, 2 the connection breaks, 3 a number was asked for in the
/// beginning instead of a place.
/// </summary>
public sealed class RelayPeerTarget() : Target("relay-peer", "Alongside.Core.Relay")
{
    private const string Id = "AAECAwQFBgcICQoLDA0ODw";

    public override IEnumerable<Case> Seeds()
    {
        byte[] joined = Text(new ServerSignal.Joined(Id, 2, Id, [new(1, MemberRole.Host, true), new(3, MemberRole.Viewer, false)], 1 << 20));
        byte[] arrived = Text(new ServerSignal.Arrived(4, MemberRole.Viewer));
        yield return new([joined, arrived, Text(new ServerSignal.Left(4, true)), [1, 1, 0, 1, 7, 7], [1, 2, 0, 1, 0, 0, 1, 0]]);
        yield return new([joined, [2], joined, arrived]);
        yield return new([joined, Text(new ServerSignal.Lent(new(["turn:turn.example.org"], "1790000000:1", "secret", 600)))]);
        yield return new([[3], Text(new ServerSignal.Opened(Id, 1, Id, 1 << 20, "482", 600)), Text(new ServerSignal.Number("5821", 60)), Text(new ServerSignal.Expired())]);
        yield return new([Text(new ServerSignal.Error("gone", "There is no such room."))]);
    }

    public override Subject Start() => new Member();

    private static byte[] Text(ServerSignal signal) => [0, .. SignalJson.Write(signal)];

    private sealed class Member : Subject
    {
        private RelayPeer peer = RelayPeer.ToJoin(MemberRole.Viewer, "482");

        public override void Take(ReadOnlySpan<byte> message)
        {
            switch (message.IsEmpty ? 2 : message[0] & 3)
            {
                case 0:
                    peer.HandleText(message[1..]);
                    break;
                case 1:
                    peer.HandleBinary(message[1..], out _);
                    break;
                case 2:
                    peer.HandleClosed(message.Length > 2 ? (message[1] << 8) | message[2] : null, "gone");
                    break;
                default:
                    peer = RelayPeer.ToOpen(MemberRole.Host, withNumber: true);
                    break;
            }

            while (peer.TryPoll(out _))
            {
            }

            peer.FirstMessage();
        }
    }
}
