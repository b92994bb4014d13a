using System.Net;
using Alongside.Fuzz.Cases;
using Alongside.Rtc.PortMapping;
using Alongside.Rtc.Wire;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>What comes from port 5351 of a router: PCP and NAT-PMP.</summary>
public sealed class GatewayTarget() : Target("gateway", "Alongside.Rtc.PortMapping.GatewayMapping")
{
    public override IEnumerable<Case> Seeds()
    {
        var pcp = new byte[60];
        (pcp[0], pcp[1], pcp[7], pcp[36], pcp[40], pcp[41], pcp[42]) = (2, 0x81, 200, 17, 0x9C, 0x40, 9);
        (pcp[54], pcp[55], pcp[56]) = (0xFF, 0xFF, 203);
        yield return Vectors.One(pcp);
        yield return new([[0, 0x81, 0, 1], [0, 0x80, 0, 0, 0, 0, 0, 9, 203, 0, 113, 8], [0, 0x81, 0, 0, 0, 0, 0, 9, 0x9C, 0x40, 0xC3, 0x52, 0, 0, 14, 16]]);
    }

    public override Subject Start() => new Mapping();

    private sealed class Mapping : Subject
    {
        private readonly GatewayMapping mapping = new(1, new TransportAddress(IPAddress.Parse("192.168.1.20"), 40_000), new Zeros());
        private long now = 1;

        public override void Take(ReadOnlySpan<byte> message)
        {
            mapping.HandleTimeout(now);
            mapping.Handle(now++, message);
            while (mapping.TryPoll(out _))
            {
            }
        }
    }
}
