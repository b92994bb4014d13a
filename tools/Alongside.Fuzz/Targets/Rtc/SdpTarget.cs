using System.Text;
using Alongside.Fuzz.Cases;
using Alongside.Rtc.Sdp;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>A session description; what was read is written, and read again.</summary>
public sealed class SdpTarget() : ParserTarget("sdp", "Alongside.Rtc.Sdp")
{
    public override IEnumerable<Case> Seeds() =>
    [
        Vectors.One(Encoding.ASCII.GetBytes(
            "v=0\r\na=ice-lite\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=candidate:1 1 udp 2122260223 192.0.2.7 46243 typ host\r\na=ice-ufrag:F7gI\r\na=ice-pwd:x9cml/YzichV2+XlhiMu8g\r\n"
            + "a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0:3E:FD:34:8E:5E:EA:6F:AF:52:CE:E6:0F\r\na=setup:actpass\r\na=mid:0\r\na=sctp-port:5000\r\na=max-message-size:262144\r\n")),
    ];

    protected override void Parse(ReadOnlySpan<byte> message) =>
        SessionDescription.Read(SessionDescription.Read(Encoding.Latin1.GetString(message)).Write(1));

    protected override long MemoryFor(ReadOnlySpan<byte> message) => 256 * 1024 + (256L * message.Length);
}
