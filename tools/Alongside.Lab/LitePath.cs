using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Alongside.Net;
using Alongside.Rtc.Dtls;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;

namespace Alongside.Lab;

/// <summary>
/// One UDP socket that answers the peer's checks and asks none itself (ICE-lite, RFC 8445 2.5). Where an authenticated check came from last is where the peer is.
/// </summary>
internal sealed class LitePath : IDisposable
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly string fragment = Draw(8);
    private readonly string password = Draw(24);
    private readonly byte[] answer = new byte[512];
    private EndPoint from = new IPEndPoint(IPAddress.Any, 0);
    private EndPoint? peer;

    public LitePath()
    {
        socket.ReceiveBufferSize = socket.SendBufferSize = 4 * 1024 * 1024;
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        socket.Blocking = false;
    }

    public long Now => (long)Stopwatch.GetElapsedTime(0).TotalMicroseconds + 1;

    public bool HasPeer => peer is not null;

    /// <summary>Every IPv4 address of this machine, 127.0.0.1 last.</summary>
    public IEnumerable<string> Candidates => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up || network.NetworkInterfaceType == NetworkInterfaceType.Loopback)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(address => address.Address)
        .Where(address => address.AddressFamily == AddressFamily.InterNetwork)
        .OrderBy(IPAddress.IsLoopback)
        .Select((address, i) => $"candidate:{i + 1} 1 udp {2130706431 - i} {address} {((IPEndPoint)socket.LocalEndPoint!).Port} typ host");

    public string Describe(string mid, string setup, Fingerprint fingerprint) => string.Join("\r\n", [
        "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", $"a=group:BUNDLE {mid}", "a=ice-lite", "a=msid-semantic: WMS",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", $"a=mid:{mid}", $"a=ice-ufrag:{fragment}", $"a=ice-pwd:{password}",
        "a=ice-options:trickle", $"a=fingerprint:{fingerprint}", $"a=setup:{setup}", "a=sctp-port:5000", "a=max-message-size:262144", ""]);

    public void Wait(long microseconds) => socket.Poll((int)microseconds, SelectMode.SelectRead);

    /// <summary>The next datagram that is not STUN; 0 when there is none.</summary>
    public int Receive(byte[] datagram)
    {
        while (socket.Available > 0)
        {
            int length = socket.ReceiveFrom(datagram, ref from);
            if (!StunMessage.IsStun(datagram.AsSpan(0, length)))
            {
                return length;
            }

            Answer(datagram.AsSpan(0, length));
        }

        return 0;
    }

    public void Send(ReadOnlySpan<byte> datagram)
    {
        if (peer is null)
        {
            return;
        }

        try
        {
            socket.SendTo(datagram, SocketFlags.None, peer);
        }
        catch (SocketException full) when (full.SocketErrorCode is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable)
        {
            // As lost as on any way.
            return;
        }
    }

    public void Dispose() => socket.Dispose();

    private static string Draw(int length)
    {
        byte[] bytes = new byte[length];
        SystemRandomSource.Instance.Fill(bytes);
        return string.Concat(bytes.Select(value => Letters[value % Letters.Length]));
    }

    private void Answer(ReadOnlySpan<byte> packet)
    {
        byte[] key = Encoding.ASCII.GetBytes(password);
        if (!StunMessage.TryParse(packet, out var request) || request.Class != StunClass.Request || request.Method != StunMethod.Binding || !request.IsIntact(key))
        {
            return;
        }

        var writer = new StunWriter(answer, StunMethod.Binding, StunClass.Success, request.TransactionId);
        var seen = (IPEndPoint)from;
        writer.WriteXorAddress(StunAttribute.XorMappedAddress, new TransportAddress(seen.Address, (ushort)seen.Port));
        writer.WriteIntegrity(key);
        writer.WriteFingerprint();
        socket.SendTo(writer.Written, SocketFlags.None, from);
        if (peer is null || request.Has(StunAttribute.UseCandidate))
        {
            peer = new IPEndPoint(seen.Address, seen.Port);
        }
    }
}
