using System.Net;
using Alongside.Rtc.DataChannels;
using Alongside.Rtc.Dtls;
using Alongside.Rtc.Dtls.OpenSsl;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Sctp;
using Alongside.Rtc.Wire;
using Alongside.Testing;

namespace Alongside.Bench.Sctp;

/// <summary>One end of a data channel without sockets: ICE, DTLS, SCTP, as <c>PeerConnection</c> holds them. Its packets go to the other end in memory.</summary>
internal sealed class IdlePeer
{
    private readonly bool leads;
    private readonly TransportAddress address;
    private readonly IceTransport ice;
    private readonly DtlsIdentity identity;
    private readonly SeededRandomSource random;
    private DataTransport? data;
    private bool hasBegun;

    private IdlePeer(bool leads, SeededRandomSource random)
    {
        (this.leads, this.random) = (leads, random);
        address = new(IPAddress.Parse(leads ? "192.0.2.1" : "192.0.2.2"), 4000);
        ice = new(1, new() { IsControlling = leads, Pacing = 20_000 }, IceServers.None, random);
        ice.AddSocket(1, 0, address, 1000);
        identity = DtlsIdentity.Create(random);
    }

    /// <summary>Two that have met, with a channel that is open, and have said nothing since for some seconds.</summary>
    public static IdlePeer[] Pair(SeededRandomSource random)
    {
        var (left, right) = (new IdlePeer(true, random), new IdlePeer(false, random));
        left.Hear(right);
        right.Hear(left);
        left.data!.Channels.Open(1, new ChannelTerms { Label = "idle" });
        byte[] datagram = new byte[2048];
        for (long now = 1; now < 8_000_000; now += 10_000)
        {
            left.Turn(now, right, datagram);
            right.Turn(now, left, datagram);
        }

        return left.data.IsOpen && right.data!.Channels.Channels.Count == 1 ? [left, right] : throw new InvalidOperationException("A pair did not meet.");
    }

    private void Hear(IdlePeer other)
    {
        var dtls = new OpenSslDtls(identity, other.identity.Fingerprint, isClient: leads);
        data = new(dtls, new SctpAssociation(new SctpOptions(), random), isDtlsClient: leads);
        identity.Dispose();
        ice.SetRemote(1, other.ice.Agent.Credentials, pacing: 20_000);
        ice.AddRemote(1, new("1", CandidateTransport.Udp, IceCandidate.MakePriority(CandidateType.Host, CandidateTransport.Udp, 1000), other.address, CandidateType.Host));
    }

    private void Turn(long now, IdlePeer other, byte[] datagram)
    {
        if (ice.NextTimeout <= now)
        {
            ice.HandleTimeout(now);
        }

        while (ice.TryTakeData(out var packet))
        {
            data!.Handle(now, packet);
        }

        while (data!.Channels.TryPoll(now, out _) || ice.TryPollEvent(out _))
        {
        }

        if (ice.Agent.HasPath)
        {
            if (!hasBegun)
            {
                hasBegun = true;
                data.Start(now);
            }

            while (data.Poll(now, datagram) is > 0 and var length)
            {
                ice.Send(now, datagram.AsSpan(0, length));
            }
        }

        while (ice.TryPoll(out _, out _, out var packet))
        {
            other.ice.Handle(now, 0, address, packet);
        }
    }
}
