using System.Net;
using System.Text;
using Alongside.Core.Wire;
using Alongside.Rtc.PortMapping;
using Alongside.Rtc.Wire;
using Alongside.Testing;

namespace Alongside.Rtc.Tests.PortMapping;

public sealed class IgdTests
{
    private static readonly Uri At = new("http://192.168.1.1:5000/rootDesc.xml");

    private const string Description =
        "<?xml version=\"1.0\"?><root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device><deviceList><device><serviceList>"
        + "<service><serviceType>urn:schemas-upnp-org:service:WANCommonInterfaceConfig:1</serviceType><controlURL>/ctl/CmnIfCfg</controlURL></service>"
        + "<service><serviceType>urn:schemas-upnp-org:service:WANPPPConnection:1</serviceType><controlURL>/ctl/PPP</controlURL></service>"
        + "<service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><controlURL>/ctl/IPConn</controlURL></service>"
        + "</serviceList></device></deviceList></device></root>";

    [Fact]
    public void The_service_that_maps_ports_is_found()
    {
        var service = Igd.ReadDescription(Description, At);
        Assert.Equal("http://192.168.1.1:5000/ctl/IPConn", service.Control.ToString());
        Assert.Equal("urn:schemas-upnp-org:service:WANIPConnection:1", service.Type);
        Assert.Contains("<NewInternalClient>192.168.1.20</NewInternalClient>", Igd.AskMapping(service, new([192, 168, 1, 20], 5000), 6000, 3600));
    }

    [Fact]
    public void A_service_elsewhere_is_not_taken() => Assert.Throws<ProtocolException>(() =>
        Igd.ReadDescription(Description.Replace("/ctl/", "http://10.0.0.1/ctl/", StringComparison.Ordinal), At));

    [Fact]
    public void A_document_with_a_DTD_is_refused() => Assert.Throws<ProtocolException>(() =>
        Igd.ReadDescription("<?xml version=\"1.0\"?><!DOCTYPE root [<!ENTITY a \"b\">]>" + Description[21..], At));

    [Fact]
    public void A_document_without_end_is_refused() => Assert.Throws<ProtocolException>(() =>
        Igd.ReadDescription("<root>" + new string('a', Igd.MaxDocument + 1), At));

    [Theory]
    [InlineData("203.0.113.5", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("router.example", false)]
    public void An_address_is_read_or_there_is_none(string text, bool isOne) =>
        Assert.Equal(isOne, Igd.ReadAddress($"<e><NewExternalIPAddress>{text}</NewExternalIPAddress></e>") is not null);

    [Fact]
    public void A_refusal_has_its_number() => Assert.Equal(718, Igd.ReadError("<s:Fault xmlns:s=\"x\"><UPnPError><errorCode>718</errorCode></UPnPError></s:Fault>"));

    [Theory]
    [InlineData("http://192.168.1.1:5000/rootDesc.xml", true)]
    [InlineData("http://192.168.1.2:5000/rootDesc.xml", false)]
    [InlineData("https://192.168.1.1/rootDesc.xml", false)]
    [InlineData("http://user@192.168.1.1/rootDesc.xml", false)]
    [InlineData("http://router.local/rootDesc.xml", false)]
    [InlineData("file:///etc/passwd", false)]
    public void A_description_lies_at_who_answered(string location, bool isTaken) => Assert.Equal(
        isTaken, Ssdp.ReadAnswer(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nST: x\r\nLocation: {location}\r\n\r\n"), IPAddress.Parse("192.168.1.1")) is not null);

    [Fact]
    public void Changed_letters_are_read_or_refused_and_nothing_else()
    {
        var random = new SeededRandomSource(8);
        for (int run = 0; run < 2000; run++)
        {
            var text = Description.ToCharArray();
            for (int changes = 1 + random.Next(6); changes > 0; changes--)
            {
                text[random.Next(text.Length)] = (char)random.Next(run % 4 == 0 ? 0x3000 : 128);
            }

            try
            {
                Assert.Equal(At.Host, Igd.ReadDescription(new(text), At).Control.Host);
            }
            catch (ProtocolException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        }
    }
}
