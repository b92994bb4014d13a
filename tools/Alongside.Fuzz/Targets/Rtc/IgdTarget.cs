using System.Net;
using System.Text;
using Alongside.Fuzz.Cases;
using Alongside.Rtc.PortMapping;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>What a router, or who says it is one, sends: descriptions, answers, discovery.</summary>
public sealed class IgdTarget() : ParserTarget("igd", "Alongside.Rtc.PortMapping")
{
    private static readonly Uri At = new("http://192.0.2.1/d.xml");

    public override IEnumerable<Case> Seeds() =>
    [
        Vectors.One("<root><service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><controlURL>/ctl</controlURL></service></root>"u8.ToArray()),
        Vectors.One("<e><NewExternalIPAddress>203.0.113.5</NewExternalIPAddress><errorCode>718</errorCode></e>"u8.ToArray()),
        Vectors.One("HTTP/1.1 200 OK\r\nLOCATION: http://192.0.2.1:5000/d.xml\r\n\r\n"u8.ToArray()),
    ];

    protected override void Parse(ReadOnlySpan<byte> message)
    {
        _ = Ssdp.ReadAnswer(message, IPAddress.Parse("192.0.2.1"));
        var xml = Encoding.Latin1.GetString(message);
        _ = Igd.ReadError(xml);
        _ = Igd.ReadAddress(xml);
        _ = Igd.ReadDescription(xml, At);
    }

    protected override long MemoryFor(ReadOnlySpan<byte> message) => 1024 * 1024 + (256L * message.Length);
}
