using Alongside.Net.PortMapping;
using Alongside.Rtc.Ice;
using Alongside.Rtc.PortMapping;
using Alongside.Rtc.Wire;

namespace Alongside.Net.Rtc;

// The addresses of this machine: a socket for each, and ICE anew when they have changed.
public sealed partial class IceDriver
{
    /// <summary>A network that comes brings several addresses, one after another: what changes within so long is one change, and one restart.</summary>
    internal static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private int isSettling;

    /// <summary>On the system's thread, which goes through all who listen, and where an exception ends the process: nothing is done here.</summary>
    internal void AddressesChanged(object? sender, EventArgs e)
    {
        if (Interlocked.Exchange(ref isSettling, 1) == 0)
        {
            settling.Change(Settling, Timeout.InfiniteTimeSpan);
        }
    }

    private void Settled()
    {
        Volatile.Write(ref isSettling, 0);

        // To look through all interfaces takes its time, in which what is sent must not wait.
        IReadOnlyList<LocalAddress> addresses;
        try
        {
            addresses = options.Addresses(options.WithLoopback);
        }
        catch (Exception unknown) when (unknown is not OutOfMemoryException)
        {
            // They change while they are looked through.
            AddressesChanged(this, EventArgs.Empty);
            return;
        }

        DoAlone(now =>
        {
            if (!stopping.IsCancellationRequested && Refresh(addresses))
            {
                // What is new may be the only one that works.
                transport.Restart(now);
            }
        });
    }

    /// <summary>Under the lock: a socket for each address that has none, and none for an address that is gone.</summary>
    /// <returns>Whether anything changed.</returns>
    private bool Refresh(IReadOnlyList<LocalAddress> addresses)
    {
        bool hasChanged = false;
        foreach (var (socket, leg) in legs.ToArray())
        {
            if (leg is UdpLeg udp && !addresses.Any(address => address.Address.Equals(udp.Address.Address)))
            {
                legs.Remove(socket);
                Close(leg);
                transport.RemoveSocket(Now, socket);
                if (mappers.Remove(socket, out var mapper))
                {
                    Run(async () => await mapper.DisposeAsync());
                }

                hasChanged = true;
            }
        }

        foreach (var address in addresses)
        {
            if (!legs.Values.Any(leg => leg is UdpLeg udp && udp.Address.Address.Equals(address.Address)) && UdpLeg.TryOpen(address.Address, ReceiveBuffer) is { } opened)
            {
                int socket = nextSocket++;
                legs[socket] = opened;
                transport.AddSocket(Now, socket, TransportAddress.From(opened.Address), address.Preference, borrows: !address.IsInner);
                Run(() => ReceiveAsync(socket, opened));
                if (options.PortMapping && TransportAddress.From(opened.Address) is { IsPrivate: true, IsV4: true } && address.Gateway is { } gateway)
                {
                    mappers[socket] = new(
                        opened.Address, new(gateway, GatewayMapping.Port), time, external => DoAlone(now => transport.AddMapped(now, socket, external)));
                }

                hasChanged = true;
            }
        }

        return hasChanged;
    }

    private static void Close(Leg leg)
    {
        try
        {
            leg.Dispose();
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            // What cannot be closed in order is closed all the same.
        }
    }
}
