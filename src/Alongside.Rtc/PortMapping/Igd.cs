using System.Globalization;
using System.Net;
using System.Text;
using System.Xml;
using Alongside.Core.Wire;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.PortMapping;

/// <summary>The service of a router that maps ports: where it takes commands, and which of its kinds it is.</summary>
public sealed record IgdService(Uri Control, string Type);

/// <summary>
/// What is said to a router over UPnP (WANIPConnection 1 and 2, WANPPPConnection 1), as text that a driver sends and receives by HTTP. Its XML is read forward only, without DTDs,
/// and not beyond 64 KB.
/// </summary>
public static class Igd
{
    public const int MaxDocument = 64 * 1024;

    private static readonly XmlReaderSettings Strict = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxDocument,
        MaxCharactersFromEntities = 0,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>The first service of a description that maps ports; one that speaks of IP before one that speaks of PPP.</summary>
    /// <param name="at">Where the description was; its control address has to be at the same machine.</param>
    /// <exception cref="ProtocolException">There is none, or it is no description.</exception>
    public static IgdService ReadDescription(string xml, Uri at)
    {
        IgdService? found = null;
        string type = "";
        Read(xml, (name, text) =>
        {
            if (name == "serviceType")
            {
                type = text;
            }
            else if (name == "controlURL" && Rank(type) > Rank(found?.Type ?? "") && Uri.TryCreate(at, text, out var control) && control.Host == at.Host && control.Scheme == "http")
            {
                found = new(control, type);
            }
        });
        return found ?? throw new ProtocolException("A router's description had no service that maps ports.");
    }

    /// <summary>The value of SOAPAction for a command.</summary>
    public static string Action(IgdService service, string command) => $"\"{service.Type}#{command}\"";

    public static string AskAddress(IgdService service) => Envelope(service, "GetExternalIPAddress", "");

    /// <param name="seconds">How long; 0 is for ever, which old routers insist on.</param>
    public static string AskMapping(IgdService service, TransportAddress local, ushort external, int seconds) => Envelope(
        service, "AddPortMapping",
        $"<NewRemoteHost></NewRemoteHost><NewExternalPort>{external}</NewExternalPort><NewProtocol>UDP</NewProtocol><NewInternalPort>{local.Port}</NewInternalPort>"
        + $"<NewInternalClient>{local.ToIPAddress()}</NewInternalClient><NewEnabled>1</NewEnabled><NewPortMappingDescription>Alongside</NewPortMappingDescription>"
        + $"<NewLeaseDuration>{seconds}</NewLeaseDuration>");

    public static string DropMapping(IgdService service, ushort external) =>
        Envelope(service, "DeletePortMapping", $"<NewRemoteHost></NewRemoteHost><NewExternalPort>{external}</NewExternalPort><NewProtocol>UDP</NewProtocol>");

    /// <returns>Null: the router has none, as one behind another router has not.</returns>
    /// <exception cref="ProtocolException">It is no answer.</exception>
    public static TransportAddress? ReadAddress(string xml)
    {
        TransportAddress? found = null;
        Read(xml, (name, text) =>
        {
            if (name == "NewExternalIPAddress" && TransportAddress.TryParse(text, 0, out var address) && !address.IsUnspecified && !address.IsLoopback && !address.IsMulticast)
            {
                found = address;
            }
        });
        return found;
    }

    /// <summary>The number of a refusal (718: the port is another's; 725: only for ever).</summary>
    /// <exception cref="ProtocolException">It is no answer.</exception>
    public static int ReadError(string xml)
    {
        int code = 0;
        Read(xml, (name, text) => code = name == "errorCode" && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : code);
        return code;
    }

    private static int Rank(string type) => type switch
    {
        "urn:schemas-upnp-org:service:WANIPConnection:2" => 3,
        "urn:schemas-upnp-org:service:WANIPConnection:1" => 2,
        "urn:schemas-upnp-org:service:WANPPPConnection:1" => 1,
        _ => 0,
    };

    private static string Envelope(IgdService service, string command, string body) => new StringBuilder(1024)
        .Append("<?xml version=\"1.0\"?>\r\n<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body>")
        .Append(CultureInfo.InvariantCulture, $"<u:{command} xmlns:u=\"{service.Type}\">{body}</u:{command}></s:Body></s:Envelope>\r\n").ToString();

    /// <summary>Every element that holds text, with its local name.</summary>
    private static void Read(string xml, Action<string, string> element)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml), Strict);
            string name = "";
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element)
                {
                    name = reader.LocalName;
                }
                else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                {
                    element(name, reader.Value.Trim());
                }
            }
        }
        catch (XmlException)
        {
            throw new ProtocolException("A router sent what is no XML.");
        }
    }
}
