using Alongside.Rtc.Dtls;
using Alongside.Rtc.Dtls.OpenSsl;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>Both ends of a DTLS session, and what they have for each other.</summary>
internal sealed class DtlsPair : IDisposable
{
    private static readonly DtlsIdentity ServerIdentity = DtlsIdentity.Create(new Zeros()), ClientIdentity = DtlsIdentity.Create(new Zeros());

    private readonly OpenSslDtls server = NewServer(), client = NewClient();
    private readonly byte[] plaintext = new byte[2000], written = new byte[2000];
    private readonly Queue<byte[]> toServer = new(), toClient = new();
    private long now = 1;

    public DtlsPair()
    {
        server.Start(now);
        client.Start(now);
        Drain();
    }

    public bool Stands => server.State == DtlsState.Connected && client.State == DtlsState.Connected;

    /// <summary>Why it does not.</summary>
    public string? EndReason => server.EndReason ?? client.EndReason;

    public static OpenSslDtls NewClient() => new(ClientIdentity, ServerIdentity.Fingerprint, isClient: true);

    /// <summary>Two that have met.</summary>
    public static DtlsPair Met()
    {
        var pair = new DtlsPair();
        for (bool any = true; any;)
        {
            any = pair.PassOn(toClient: false, []) | pair.PassOn(toClient: true, []);
        }

        return pair.Stands ? pair : throw new InvalidOperationException("The two did not meet.");
    }

    /// <summary>The next datagram that the other end has for this one, changed by exclusive or. False: there is none.</summary>
    public bool PassOn(bool toClient, ReadOnlySpan<byte> change)
    {
        if (!(toClient ? this.toClient : toServer).TryDequeue(out byte[]? honest))
        {
            return false;
        }

        Take(toClient, Changed(honest, change));
        return true;
    }

    /// <summary>A record of the other end's, changed by exclusive or.</summary>
    public void Say(bool toClient, ReadOnlySpan<byte> change)
    {
        int length = (toClient ? server : client).Protect([1, 2, 3, 4], written);
        Take(toClient, Changed(written[..length], change));
    }

    public void Take(bool toClient, ReadOnlySpan<byte> datagram)
    {
        var end = toClient ? client : server;
        while (end.Receive(now, datagram, plaintext) > 0)
        {
            datagram = [];
        }

        end.Protect([1, 2, 3], written);
        Wait(1000);
    }

    /// <summary>Time goes by, in microseconds.</summary>
    public void Wait(long time)
    {
        now += time;
        Drain();
    }

    /// <summary>What has not been passed on is lost.</summary>
    public void Lose()
    {
        toServer.Clear();
        toClient.Clear();
    }

    public void Dispose()
    {
        server.Dispose();
        client.Dispose();
    }

    private static OpenSslDtls NewServer() => new(ServerIdentity, ClientIdentity.Fingerprint, isClient: false);

    private static byte[] Changed(byte[] honest, ReadOnlySpan<byte> change)
    {
        for (int i = 0; i < Math.Min(honest.Length, change.Length); i++)
        {
            honest[i] ^= change[i];
        }

        return honest;
    }

    private void Drain()
    {
        while (server.Poll(now, written) is > 0 and var length)
        {
            toClient.Enqueue(written[..length]);
        }

        while (client.Poll(now, written) is > 0 and var length)
        {
            toServer.Enqueue(written[..length]);
        }
    }
}
