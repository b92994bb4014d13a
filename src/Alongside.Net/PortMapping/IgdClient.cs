using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Alongside.Core.Wire;
using Alongside.Rtc.PortMapping;
using Alongside.Rtc.Wire;

namespace Alongside.Net.PortMapping;

/// <summary>
/// A port of a router by UPnP: found by a question to the network, asked for by HTTP. Only the router of our own network is asked, whoever answers.
/// </summary>
internal sealed class IgdClient(IPEndPoint local, IPAddress gateway) : IAsyncDisposable
{
    private const int Seconds = 3600;
    private const int OnlyForEver = 725;
    private const int TakenByAnother = 718;
    private static readonly IPEndPoint Everybody = new(IPAddress.Parse("239.255.255.250"), 1900);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = Igd.MaxDocument,
    };

    private IgdService? service;
    private ushort external;
    private int lease = Seconds;

    /// <param name="unicast">Where the question goes too: some routers answer only what is sent to them.</param>
    public async Task<bool> TryMapAsync(Action<TransportAddress> mapped, CancellationToken cancel, IPEndPoint? unicast = null)
    {
        try
        {
            if (await FindAsync(unicast ?? new(gateway, 1900), cancel) is not { } at)
            {
                return false;
            }

            var found = Igd.ReadDescription(await http.GetStringAsync(at, cancel), at);
            if (Igd.ReadAddress(await SayAsync(found, "GetExternalIPAddress", Igd.AskAddress(found), cancel) ?? "") is not { } address
                || !await AddAsync(found, cancel))
            {
                return false;
            }

            service = found;
            mapped(address.WithPort(external));
            return true;
        }
        catch (Exception wrong) when (wrong is HttpRequestException or ProtocolException or SocketException or InvalidOperationException
            || (wrong is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Asks again at half the lease until it is over.</summary>
    public async Task KeepAsync(Action<TransportAddress> mapped, TimeProvider time, CancellationToken cancel)
    {
        while (service is not null)
        {
            await Task.Delay(TimeSpan.FromSeconds(Seconds / 2), time, cancel);
            if (lease > 0 && !await TryMapAsync(mapped, cancel))
            {
                service = null;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (service is { } known)
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
                await SayAsync(known, "DeletePortMapping", Igd.DropMapping(known, external), patience.Token);
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException or InvalidOperationException)
        {
            // It ends by itself, at the end of its lease.
            service = null;
        }
        finally
        {
            http.Dispose();
        }
    }

    private async Task<bool> AddAsync(IgdService at, CancellationToken cancel)
    {
        for (int i = 0; i < 4; i++)
        {
            ushort wanted = external != 0 ? external : (ushort)(i == 0 ? local.Port : 20_000 + Random.Shared.Next(40_000));
            var (isDone, error) = await TryAddAsync(at, wanted, cancel);
            if (isDone)
            {
                external = wanted;
                return true;
            }

            if (error == OnlyForEver && lease > 0)
            {
                lease = 0;
            }
            else if (error != TakenByAnother || external != 0)
            {
                return false;
            }
        }

        return false;
    }

    private async Task<(bool IsDone, int Error)> TryAddAsync(IgdService at, ushort wanted, CancellationToken cancel)
    {
        using var response = await PostAsync(at, "AddPortMapping", Igd.AskMapping(at, TransportAddress.From(local), wanted, lease), cancel);
        return response.IsSuccessStatusCode ? (true, 0) : (false, Igd.ReadError(await response.Content.ReadAsStringAsync(cancel)));
    }

    private async Task<string?> SayAsync(IgdService at, string command, string body, CancellationToken cancel)
    {
        using var response = await PostAsync(at, command, body, cancel);
        return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(cancel) : null;
    }

    private async Task<HttpResponseMessage> PostAsync(IgdService at, string command, string body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, at.Control) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("text/xml", "utf-8")) };
        request.Headers.TryAddWithoutValidation("SOAPAction", Igd.Action(at, command));
        return await http.SendAsync(request, cancel);
    }

    private async Task<Uri?> FindAsync(IPEndPoint unicast, CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(local.Address, 0));
        var buffer = new byte[2048];
        for (int i = 0; i < 3; i++)
        {
            foreach (var question in Ssdp.Ask())
            {
                foreach (var to in (IPEndPoint[])[unicast, Everybody])
                {
                    await TrySendAsync(socket, question, to, cancel);
                }
            }

            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(TimeSpan.FromMilliseconds(500 * (i + 1)));
            while (true)
            {
                try
                {
                    var answer = await socket.ReceiveFromAsync(buffer, SocketFlags.None, Everybody, patience.Token);
                    var from = ((IPEndPoint)answer.RemoteEndPoint).Address;
                    if (from.Equals(gateway) && Ssdp.ReadAnswer(buffer.AsSpan(0, answer.ReceivedBytes), from) is { } at)
                    {
                        return at;
                    }
                }
                catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
                {
                    break;
                }
                catch (SocketException)
                {
                    // Nobody is at the unicast port; the others may still answer.
                }
            }
        }

        return null;
    }

    private static async Task TrySendAsync(Socket socket, byte[] packet, IPEndPoint to, CancellationToken cancel)
    {
        try
        {
            await socket.SendToAsync(packet, SocketFlags.None, to, cancel);
        }
        catch (SocketException)
        {
            // A network without multicast.
        }
    }
}
