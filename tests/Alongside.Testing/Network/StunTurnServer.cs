using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;

namespace Alongside.Testing.Network;

/// <summary>
/// A STUN and TURN server of the simulated internet (RFC 8656 as far as a client needs it): long-term credentials, allocations, permissions, channels. Over UDP from
/// everywhere, and over reliable connections for machines that have no UDP.
/// </summary>
public sealed class StunTurnServer : IStation
{
    public const string Username = "user";
    public const string Password = "secret";
    private const string Realm = "simulated";
    private const string Nonce = "nonce";

    private readonly SimulatedNetwork network;
    private readonly TransportAddress address;
    private readonly byte[] key = LongTermCredential.MakeKey(Username, "simulated"u8, Password, PasswordAlgorithm.Md5);
    private readonly Dictionary<TransportAddress, Allocation> byClient = [];
    private readonly Dictionary<ushort, Allocation> byPort = [];
    private ushort nextPort = 50_000;

    public StunTurnServer(SimulatedNetwork network, TransportAddress address)
    {
        this.network = network;
        this.address = address;
        network.Internet.Attach(address, this);
    }

    public void Deliver(TransportAddress from, TransportAddress to, ReadOnlyMemory<byte> packet)
    {
        if (to.Port == address.Port)
        {
            HandleClient(from, packet.Span, answer => network.Internet.Send(address, from, answer));
        }
        else if (byPort.TryGetValue(to.Port, out var allocation))
        {
            FromPeer(allocation, from, packet.Span);
        }
    }

    /// <summary>A whole message of a client.</summary>
    /// <param name="answer">How the client is answered, now and later.</param>
    public void HandleClient(TransportAddress client, ReadOnlySpan<byte> packet, Action<byte[]> answer)
    {
        if (packet.Length >= 4 && packet[0] is >= 0x40 and < 0x50)
        {
            if (byClient.TryGetValue(client, out var sender) && sender.Channels.TryGetValue((packet[0] << 8) | packet[1], out var peer))
            {
                network.Internet.Send(address.WithPort(sender.Port), peer, packet.Slice(4, (packet[2] << 8) | packet[3]).ToArray());
            }

            return;
        }

        if (!StunMessage.TryParse(packet, out var message) || message.Class != StunClass.Request)
        {
            return;
        }

        var buffer = new byte[512];
        if (message.Method == StunMethod.Binding)
        {
            var mapped = new StunWriter(buffer, StunMethod.Binding, StunClass.Success, message.TransactionId);
            mapped.WriteXorAddress(StunAttribute.XorMappedAddress, client);
            answer(mapped.Written.ToArray());
            return;
        }

        if (!message.IsIntact(key))
        {
            var challenge = new StunWriter(buffer, message.Method, StunClass.Error, message.TransactionId);
            challenge.WriteError(StunError.Unauthenticated, "");
            challenge.Write(StunAttribute.Realm, Realm);
            challenge.Write(StunAttribute.Nonce, Nonce);
            answer(challenge.Written.ToArray());
            return;
        }

        var writer = new StunWriter(buffer, message.Method, StunClass.Success, message.TransactionId);
        switch (message.Method)
        {
            case StunMethod.Allocate:
                if (!byClient.TryGetValue(client, out var made))
                {
                    made = new(nextPort++, answer);
                    byClient.Add(client, made);
                    byPort.Add(made.Port, made);
                }

                writer.WriteXorAddress(StunAttribute.XorRelayedAddress, address.WithPort(made.Port));
                writer.WriteXorAddress(StunAttribute.XorMappedAddress, client);
                writer.WriteU32(StunAttribute.Lifetime, 600);
                break;
            case StunMethod.ChannelBind when byClient.TryGetValue(client, out var allocation) && message.TryReadXorAddress(StunAttribute.XorPeerAddress, out var peer)
                && message.TryFind(StunAttribute.ChannelNumber, out var number):
                allocation.Channels[(number[0] << 8) | number[1]] = peer;
                allocation.Permitted.Add(peer.WithPort(0));
                break;
        }

        writer.WriteIntegrity(key);
        answer(writer.Written.ToArray());
    }

    private void FromPeer(Allocation allocation, TransportAddress from, ReadOnlySpan<byte> packet)
    {
        if (!allocation.Permitted.Contains(from.WithPort(0)))
        {
            network.Lost++;
            return;
        }

        foreach (var (number, peer) in allocation.Channels)
        {
            if (peer == from)
            {
                byte[] framed = [(byte)(number >> 8), (byte)number, (byte)(packet.Length >> 8), (byte)packet.Length, .. packet];
                allocation.Answer(framed);
                return;
            }
        }

        var buffer = new byte[packet.Length + 128];
        var writer = new StunWriter(buffer, StunMethod.Data, StunClass.Indication, TransactionId.New(network.Random));
        writer.WriteXorAddress(StunAttribute.XorPeerAddress, from);
        writer.Write(StunAttribute.Data, packet);
        allocation.Answer(writer.Written.ToArray());
    }

    private sealed record Allocation(ushort Port, Action<byte[]> Answer)
    {
        public SortedDictionary<int, TransportAddress> Channels { get; } = [];

        public HashSet<TransportAddress> Permitted { get; } = [];
    }
}
