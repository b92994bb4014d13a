using System.Text;

namespace Alongside.Rtc.PortMapping;

/// <summary>Finds the router's UPnP description (UPnP Device Architecture 1.1, 1.3): a question to everybody at 239.255.255.250:1900, answered with a web address.</summary>
public static class Ssdp
{
    private const int MaxAnswer = 2048;

    /// <summary>Asks for gateways of either generation.</summary>
    public static byte[][] Ask() => [Ask("urn:schemas-upnp-org:device:InternetGatewayDevice:1"), Ask("urn:schemas-upnp-org:device:InternetGatewayDevice:2")];

    /// <param name="from">Who answered: the description has to lie there, or somebody could have us ask others.</param>
    /// <returns>Where the description is; null when this is no answer, or leads elsewhere.</returns>
    public static Uri? ReadAnswer(ReadOnlySpan<byte> packet, System.Net.IPAddress from)
    {
        if (packet.Length > MaxAnswer || !packet.StartsWith("HTTP/1.1 200"u8))
        {
            return null;
        }

        foreach (var line in Encoding.ASCII.GetString(packet).AsSpan().EnumerateLines())
        {
            if (line.StartsWith("LOCATION:", StringComparison.OrdinalIgnoreCase))
            {
                return IsAt(line[9..].Trim().ToString(), from);
            }
        }

        return null;
    }

    /// <summary>A plain web address at one machine; null for any other.</summary>
    internal static Uri? IsAt(string text, System.Net.IPAddress machine) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == "http" && uri.UserInfo.Length == 0
        && System.Net.IPAddress.TryParse(uri.Host.Trim('[', ']'), out var host) && host.Equals(machine)
            ? uri
            : null;

    private static byte[] Ask(string what) => Encoding.ASCII.GetBytes(
        $"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: {what}\r\n\r\n");
}
