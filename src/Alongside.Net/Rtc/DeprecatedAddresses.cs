using System.Globalization;
using System.Net;

namespace Alongside.Net.Rtc;

/// <summary>IPv6 addresses of this machine that are on their way out (RFC 4862, 5.5.4), as Linux lists them; .NET does not say it there.</summary>
internal static class DeprecatedAddresses
{
    private const string List = "/proc/net/if_inet6";

    /// <summary>IFA_F_DEPRECATED.</summary>
    private const int Deprecated = 0x20;

    /// <returns>None elsewhere, and where there is no IPv6.</returns>
    public static HashSet<IPAddress> Read()
    {
        var found = new HashSet<IPAddress>();
        if (!OperatingSystem.IsLinux())
        {
            return found;
        }

        try
        {
            foreach (string line in File.ReadLines(List))
            {
                if (TryRead(line, out var address))
                {
                    found.Add(address);
                }
            }
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            // Without IPv6 there is no such list.
        }

        return found;
    }

    /// <summary><code>20010db8…0001 02 40 20 80 eth0      address, interface, prefix length, scope, flags (all of it hexadecimal), name</code></summary>
    /// <returns>Whether the line tells of one.</returns>
    internal static bool TryRead(string line, out IPAddress address)
    {
        string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool isOne = parts is [{ Length: 32 }, _, _, _, { } flags, ..] && int.TryParse(flags, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int bits)
            && (bits & Deprecated) != 0 && UInt128.TryParse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out _);
        address = isOne ? new IPAddress(Convert.FromHexString(parts[0])) : IPAddress.IPv6None;
        return isOne;
    }
}
