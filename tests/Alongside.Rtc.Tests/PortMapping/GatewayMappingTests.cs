using Alongside.Rtc.PortMapping;
using Alongside.Rtc.Wire;
using Alongside.Testing;

namespace Alongside.Rtc.Tests.PortMapping;

/// <summary>PCP and NAT-PMP against routers that speak the real bytes.</summary>
public sealed class GatewayMappingTests
{
    private static readonly TransportAddress Local = new([192, 168, 1, 20], 40_000);
    private readonly GatewayMapping mapping = new(1_000_000, Local, new SeededRandomSource(4));
    private long now = 1_000_000;

    [Fact]
    public void A_router_with_PCP_opens_a_port_and_closes_it()
    {
        var request = Ask();
        Assert.Equal([2, 1, 0, 0, 0, 0, 14, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 168, 1, 20], request[..24]);
        Assert.Equal([17, 0, 0, 0, 0x9C, 0x40, 0x9C, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0], request[36..]);
        mapping.Handle(now, PcpAnswer(request, 0, [203, 0, 113, 7], 50_001, 1200));
        Assert.Equal(new TransportAddress([203, 0, 113, 7], 50_001), mapping.External);
        Assert.Equal(now + 600_000_000, mapping.NextTimeout);

        now = mapping.NextTimeout;
        var again = Ask();
        Assert.Equal(request[24..36], again[24..36]);
        Assert.Equal([0xC3, 0x51], again[42..44]);

        mapping.Close();
        Assert.True(mapping.TryPoll(out var last));
        Assert.Equal([0, 0, 0, 0], last[4..8]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_router_with_NAT_PMP_alone_is_asked_that_way(bool saysSo)
    {
        _ = Ask();
        if (saysSo)
        {
            mapping.Handle(now, [0, 0x81, 0, 1, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0]);
        }
        else
        {
            for (int i = 0; i < 5; i++)
            {
                now = mapping.NextTimeout;
                mapping.HandleTimeout(now);
                while (mapping.TryPoll(out _))
                {
                    Assert.Null(mapping.External);
                }
            }
        }

        now = mapping.NextTimeout;
        mapping.HandleTimeout(now);
        Assert.True(mapping.TryPoll(out var address));
        Assert.Equal([0, 0], address);
        Assert.True(mapping.TryPoll(out var map));
        Assert.Equal([0, 1, 0, 0, 0x9C, 0x40, 0x9C, 0x40, 0, 0, 14, 16], map);
        mapping.Handle(now, [0, 0x80, 0, 0, 0, 0, 0, 9, 203, 0, 113, 8]);
        mapping.Handle(now, [0, 0x81, 0, 0, 0, 0, 0, 9, 0x9C, 0x40, 0xC3, 0x52, 0, 0, 14, 16]);
        Assert.Equal("NAT-PMP", mapping.Protocol);
        Assert.Equal(new TransportAddress([203, 0, 113, 8], 50_002), mapping.External);
    }

    [Fact]
    public void A_refusal_and_silence_end_it()
    {
        mapping.Handle(now, PcpAnswer(Ask(), 8, [0, 0, 0, 0], 0, 0));
        Assert.True(mapping.HasFailed);
        Assert.Equal(8, mapping.Refusal);

        var silent = new GatewayMapping(now, Local, new SeededRandomSource(5));
        for (int i = 0; i < 100 && !silent.HasFailed; i++)
        {
            now = silent.NextTimeout;
            silent.HandleTimeout(now);
        }

        Assert.True(silent.HasFailed);
        Assert.Equal(0, silent.Refusal);
    }

    [Fact]
    public void Answers_that_are_not_ours_or_cannot_be_change_nothing()
    {
        var request = Ask();
        var wrongNonce = PcpAnswer(request, 0, [203, 0, 113, 7], 50_001, 1200);
        wrongNonce[30] ^= 1;
        mapping.Handle(now, wrongNonce);
        mapping.Handle(now, PcpAnswer(request, 0, [127, 0, 0, 1], 50_001, 1200));
        mapping.Handle(now, PcpAnswer(request, 0, [203, 0, 113, 7], 0, 1200));
        mapping.Handle(now, PcpAnswer(request, 0, [203, 0, 113, 7], 50_001, 1200)[..40]);
        var random = new SeededRandomSource(6);
        for (int i = 0; i < 20_000; i++)
        {
            var noise = new byte[random.Next(80)];
            random.Fill(noise);
            mapping.Handle(now, noise);
        }

        Assert.Null(mapping.External);
    }

    private byte[] Ask()
    {
        mapping.HandleTimeout(now);
        Assert.True(mapping.TryPoll(out var request));
        return request;
    }

    private static byte[] PcpAnswer(byte[] request, byte result, byte[] address, int port, int lifetime)
    {
        var answer = (byte[])request.Clone();
        answer[1] |= 0x80;
        answer[3] = result;
        (answer[4], answer[5], answer[6], answer[7]) = (0, 0, (byte)(lifetime >> 8), (byte)lifetime);
        (answer[42], answer[43]) = ((byte)(port >> 8), (byte)port);
        address.CopyTo(answer, 56);
        return answer;
    }
}
