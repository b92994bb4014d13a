using System.Net;
using System.Net.Sockets;
using System.Text;
using Alongside.Net.PortMapping;
using Alongside.Rtc.Wire;
using Alongside.Testing;

namespace Alongside.Net.Tests.PortMapping;

/// <summary>The port mapper against routers on loopback that speak the real bytes.</summary>
public sealed class Routers
{
    private static readonly IPEndPoint Local = new(IPAddress.Loopback, 41_000);

    [Fact]
    public async Task A_port_is_opened_by_PCP_and_given_back()
    {
        using var router = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var lifetimes = new List<uint>();
        var serving = ServeAsync(router, request =>
        {
            lock (lifetimes)
            {
                lifetimes.Add((uint)((request[4] << 24) | (request[5] << 16) | (request[6] << 8) | request[7]));
            }

            request[1] |= 0x80;
            (request[42], request[43]) = (0xC3, 0x50);
            new byte[] { 203, 0, 113, 4 }.CopyTo(request, 56);
            return request;
        });
        var mapped = new TaskCompletionSource<TransportAddress>();
        await using (new PortMapper(Local, (IPEndPoint)router.Client.LocalEndPoint!, TimeProvider.System, address => mapped.TrySetResult(address)))
        {
            Assert.Equal(new TransportAddress([203, 0, 113, 4], 50_000), await mapped.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        }

        await Eventually.TrueAsync(() =>
        {
            lock (lifetimes)
            {
                return lifetimes.Count == 2 && lifetimes[1] == 0;
            }
        });
        router.Close();
        await serving;
    }

    /// <summary>What goes wrong in who is told ends the asking, and nothing else.</summary>
    [Fact]
    public async Task Who_is_told_may_fail()
    {
        using var router = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var serving = ServeAsync(router, request =>
        {
            request[1] |= 0x80;
            (request[42], request[43]) = (0xC3, 0x50);
            new byte[] { 203, 0, 113, 4 }.CopyTo(request, 56);
            return request;
        });
        await using (var mapper = new PortMapper(Local, (IPEndPoint)router.Client.LocalEndPoint!, TimeProvider.System, _ => throw new InvalidOperationException("It does not want it.")))
        {
            await Eventually.TrueAsync(() => mapper.Answer is { HasAnswered: true, HasMapping: false });
        }

        router.Close();
        await serving;
    }

    /// <summary>
    /// Discovery, description, address, a port that is another's, one that is free, and its end; by the router's HTTP. An answer to the last that cannot be read is as good as none.
    /// </summary>
    [Theory]
    [InlineData("")]
    [InlineData("Content-Type: text/xml; charset=of-the-router\r\n")]
    public async Task A_port_is_opened_by_UPnP_and_given_back(string headOfTheLast)
    {
        using var web = new TcpListener(IPAddress.Loopback, 0);
        web.Start();
        int port = ((IPEndPoint)web.LocalEndpoint).Port;
        using var ssdp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var finding = ServeAsync(ssdp, _ => Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nLOCATION: http://127.0.0.1:{port}/desc.xml\r\n\r\n"));
        var said = new List<string>();
        var serving = ServeWebAsync(web, said, headOfTheLast);
        var mapped = new TaskCompletionSource<TransportAddress>();
        await using (var client = new IgdClient(Local, IPAddress.Loopback))
        {
            Assert.True(await client.TryMapAsync(address => mapped.TrySetResult(address), CancellationToken.None, (IPEndPoint)ssdp.Client.LocalEndPoint!));
            var address = await mapped.Task;
            Assert.Equal("203.0.113.5", address.ToIPAddress().ToString());
            Assert.NotEqual(41_000, address.Port);
        }

        web.Stop();
        ssdp.Close();
        await finding;
        await serving;
        Assert.Equal(["desc", "GetExternalIPAddress", "AddPortMapping", "AddPortMapping", "DeletePortMapping"], said);
    }

    private static async Task ServeAsync(UdpClient router, Func<byte[], byte[]> answer)
    {
        try
        {
            while (true)
            {
                var request = await router.ReceiveAsync();
                await router.SendAsync(answer(request.Buffer), request.RemoteEndPoint);
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private static async Task ServeWebAsync(TcpListener web, List<string> said, string headOfTheLast)
    {
        try
        {
            while (true)
            {
                using var connection = await web.AcceptTcpClientAsync();
                var buffer = new byte[8192];
                int filled = 0;
                string request;
                do
                {
                    filled += await connection.GetStream().ReadAsync(buffer.AsMemory(filled));
                    request = Encoding.ASCII.GetString(buffer, 0, filled);
                }
                while (!request.StartsWith("GET", StringComparison.Ordinal) && !request.Contains("</s:Envelope>", StringComparison.Ordinal));
                var (status, body) = Answer(request, said);
                await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\n{(said[^1] == "DeletePortMapping" ? headOfTheLast : "")}Connection: close\r\n\r\n{body}"));
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            return;
        }
    }

    private static (string Status, string Body) Answer(string request, List<string> said)
    {
        if (request.StartsWith("GET /desc.xml", StringComparison.Ordinal))
        {
            said.Add("desc");
            return ("200 OK", "<root><service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><controlURL>/ctl</controlURL></service></root>");
        }

        string command = request.Split("#")[1].Split('"')[0];
        said.Add(command);
        return command switch
        {
            "GetExternalIPAddress" => ("200 OK", "<a><NewExternalIPAddress>203.0.113.5</NewExternalIPAddress></a>"),
            "AddPortMapping" when request.Contains("<NewExternalPort>41000<", StringComparison.Ordinal) => ("500 Internal Server Error", "<a><errorCode>718</errorCode></a>"),
            _ => ("200 OK", "<a/>"),
        };
    }
}
