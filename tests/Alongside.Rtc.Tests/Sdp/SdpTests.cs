using Alongside.Core.Wire;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Sdp;
using Alongside.Rtc.Wire;
using Alongside.Testing;

namespace Alongside.Rtc.Tests.Sdp;

public sealed class SdpTests
{
    /// <summary>As Chromium offers one data channel.</summary>
    private const string Chromium =
        "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS\r\n"
        + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n"
        + "a=candidate:1467250027 1 udp 2122260223 9b36eaac-bb2e-49bb-bb78-21c41c499900.local 46243 typ host generation 0 network-id 1\r\n"
        + "a=candidate:435653019 1 tcp 1518280447 192.168.0.196 9 typ host tcptype active generation 0 network-id 1\r\n"
        + "a=candidate:842163049 1 udp 1677729535 203.0.113.9 46154 typ srflx raddr 0.0.0.0 rport 0 generation 0\r\n"
        + "a=ice-ufrag:F7gI\r\na=ice-pwd:x9cml/YzichV2+XlhiMu8g\r\na=ice-options:trickle\r\n"
        + "a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0:3E:FD:34:8E:5E:EA:6F:AF:52:CE:E6:0F\r\n"
        + "a=setup:actpass\r\na=mid:0\r\na=sctp-port:5000\r\na=max-message-size:262144\r\n";

    /// <summary>As Firefox does: fingerprint and options above all sections, an empty last line as Safari has it.</summary>
    private const string Firefox =
        "v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 5341 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
        + "a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0:3E:FD:34:8E:5E:EA:6F:AF:52:CE:E6:0F\r\n"
        + "a=group:BUNDLE 0 1\r\na=ice-options:trickle\r\na=msid-semantic:WMS *\r\n"
        + "m=audio 9 UDP/TLS/RTP/SAVPF 109\r\na=mid:0\r\na=ice-ufrag:audio123\r\na=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"
        + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=sendrecv\r\na=ice-pwd:b9f23e4a0d1c8e7a6b5c4d3e2f1a0b9c\r\na=ice-ufrag:1a2b3c4d\r\n"
        + "a=mid:1\r\na=setup:active\r\na=sctp-port:5000\r\na=max-message-size:1073741823\r\n\n";

    [Fact]
    public void Chromium_is_understood()
    {
        var read = SessionDescription.Read(Chromium);
        Assert.Equal("F7gI", read.Ice.UsernameFragment);
        Assert.Equal(262144, read.MaxMessageSize);
        Assert.Equal(DtlsSetup.ActPass, read.Setup);
        Assert.True(read.Trickles);
        Assert.False(read.Renominates);
        Assert.Equal(0x0F, read.Fingerprint[31]);
        Assert.Equal(3, read.Candidates.Count);
        Assert.Equal("9b36eaac-bb2e-49bb-bb78-21c41c499900.local", read.Candidates[0].HostName);
        Assert.Equal(CandidateTransport.TcpActive, read.Candidates[1].Transport);
        Assert.Equal(new TransportAddress([203, 0, 113, 9], 46154), read.Candidates[2].Address);
    }

    [Fact]
    public void Firefox_is_understood()
    {
        var read = SessionDescription.Read(Firefox);
        Assert.Equal("1", read.Mid);
        Assert.Equal("1a2b3c4d", read.Ice.UsernameFragment);
        Assert.Equal(0xD2, read.Fingerprint[0]);
        Assert.Equal(DtlsSetup.Active, read.Setup);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var written = SessionDescription.Read(Chromium) with { Renominates = true, Pacing = 20, IsLite = true, EndOfCandidates = true };
        var read = SessionDescription.Read(written.Write(77));
        Assert.Equal(written.Candidates, read.Candidates);
        Assert.Equal(written.Fingerprint, read.Fingerprint);
        Assert.Equal(written with { Candidates = [], Fingerprint = [] }, read with { Candidates = [], Fingerprint = [] });
    }

    [Theory]
    [InlineData("candidate:1 1 udp 2130706431 192.0.2.7 54321 typ host")]
    [InlineData("candidate:2 1 udp 1694498815 203.0.113.1 6000 typ srflx raddr 10.0.0.1 rport 5000")]
    [InlineData("candidate:3 1 udp 16777215 2001:db8::5 6000 typ relay raddr :: rport 0")]
    [InlineData("candidate:4 1 tcp 1015021823 192.0.2.7 9 typ host tcptype active")]
    [InlineData("candidate:5 1 tcp 1015021823 192.0.2.7 443 typ host tcptype passive")]
    public void A_candidate_is_written_as_it_was_read(string line) =>
        Assert.Equal(line.Replace("192.0.2.7 9 ", "192.0.2.7 9 ", StringComparison.Ordinal), CandidateLine.Write(CandidateLine.Read(line)!));

    [Theory]
    [InlineData("candidate:1 2 udp 2130706431 192.0.2.7 54321 typ host")]
    [InlineData("candidate:1 1 sctp 2130706431 192.0.2.7 54321 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 evil.example.org 54321 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 a.b.local 54321 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 192.0.2.7 54321 typ warp")]
    [InlineData("candidate:1 1 tcp 2130706431 192.0.2.7 54321 typ host tcptype so")]
    public void What_is_no_use_is_left_aside(string line) => Assert.Null(CandidateLine.Read(line));

    [Theory]
    [InlineData("")]
    [InlineData("candidate:")]
    [InlineData("candidate:1 1 udp 99999999999 192.0.2.7 54321 typ host")]
    [InlineData("candidate:1 1 udp 1 192.0.2.7 65536 typ host")]
    [InlineData("candidate:1 1 udp 1 192.0.2.7 -1 typ host")]
    [InlineData("candidate:1 1 udp 1 192.0.2.7 5 type host")]
    [InlineData("candidate:1 1 udp 1 192.0.2.7 5 typ host raddr")]
    [InlineData("candidate:<script> 1 udp 1 192.0.2.7 5 typ host")]
    public void What_is_none_is_refused(string line) => Assert.Throws<ProtocolException>(() => CandidateLine.Read(line));

    [Theory]
    [InlineData("")]
    [InlineData("v=0\r\n")]
    [InlineData("hello")]
    [InlineData("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 109\r\n")]
    [InlineData("v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=ice-ufrag:abcd\r\n")]
    public void A_description_without_what_is_needed_is_refused(string sdp) => Assert.Throws<ProtocolException>(() => SessionDescription.Read(sdp));

    [Fact]
    public void Changed_letters_are_read_or_refused_and_nothing_else()
    {
        var random = new SeededRandomSource(3);
        for (int run = 0; run < 3000; run++)
        {
            var text = (run % 2 == 0 ? Chromium : Firefox).ToCharArray();
            for (int changes = 1 + random.Next(5); changes > 0; changes--)
            {
                text[random.Next(text.Length)] = (char)random.Next(run % 3 == 0 ? 0x3000 : 128);
            }

            try
            {
                _ = SessionDescription.Read(new(text)).Write(1);
            }
            catch (ProtocolException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        }
    }
}
