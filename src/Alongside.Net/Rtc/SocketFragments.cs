using System.Net.Sockets;

namespace Alongside.Net.Rtc;

/// <summary>
/// Whether a UDP socket's datagrams may be cut apart on their way. Forbidden for those whose length is tried: they arrive whole or not at all. On Linux what routers said of earlier ones is
/// not asked then either (IP_PMTUDISC_PROBE), for anybody can say it. Otherwise as the system does by itself.
/// </summary>
internal static class SocketFragments
{
    private const int Ip = 0, Ip6 = 41;

    /// <summary>Linux: IP_MTU_DISCOVER, IPV6_MTU_DISCOVER, and of their values WANT and PROBE.</summary>
    private const int Discover = 10, Discover6 = 23, Want = 1, Probe = 3;

    /// <summary>Windows: IPV6_DONTFRAG; macOS: IPV6_DONTFRAG.</summary>
    private const int WindowsDontFragment6 = 14, MacDontFragment6 = 62;

    /// <exception cref="SocketException">The system cannot.</exception>
    public static void Forbid(Socket socket, bool isForbidden)
    {
        bool isV4 = socket.AddressFamily == AddressFamily.InterNetwork;
        if (OperatingSystem.IsLinux())
        {
            Set(socket, isV4 ? Ip : Ip6, isV4 ? Discover : Discover6, isForbidden ? Probe : Want);
        }
        else if (isV4)
        {
            socket.DontFragment = isForbidden;
        }
        else
        {
            Set(socket, Ip6, OperatingSystem.IsWindows() ? WindowsDontFragment6 : MacDontFragment6, isForbidden ? 1 : 0);
        }
    }

    private static void Set(Socket socket, int level, int name, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(bytes, value);
        socket.SetRawSocketOption(level, name, bytes);
    }
}
