using System.Diagnostics.Metrics;
using Alongside.Core.Relay;

namespace Alongside.Server.Health;

/// <summary>
/// What the server counts, as instruments of the meter "Alongside.Server". The relay adds to plain fields and the instruments read
/// those, so that counting a frame costs two additions.
/// </summary>
public sealed class RelayCounters : IDisposable
{
    public const string MeterName = "Alongside.Server";
    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> entered;
    private readonly Counter<long> closed;
    private long frames;
    private long bytes;
    private long droppedFull;
    private long refused;
    private int sockets;
    private int members;

    public RelayCounters()
    {
        entered = meter.CreateCounter<long>("alongside_entered", description: "Members that opened, joined or came back to a room.");
        closed = meter.CreateCounter<long>("alongside_closed", description: "Sockets closed, by reason.");
        meter.CreateObservableCounter("alongside_relayed_frames", () => Volatile.Read(ref frames), description: "Frames handed on, counted once a receiver.");
        meter.CreateObservableCounter("alongside_relayed_bytes", () => Volatile.Read(ref bytes), description: "Payload bytes handed on, counted once a receiver.");
        meter.CreateObservableCounter("alongside_dropped_full", () => Volatile.Read(ref droppedFull), description: "Connections dropped because too much waited for all receivers.");
        meter.CreateObservableCounter("alongside_connections_refused", () => Volatile.Read(ref refused), description: "Connections that were closed before a word: too many from there, or in all.");
        meter.CreateObservableGauge("alongside_sockets", () => Volatile.Read(ref sockets), description: "WebSockets open.");
        meter.CreateObservableGauge("alongside_members", () => Volatile.Read(ref members), description: "Members that are in their room now.");
    }

    public int Sockets => Volatile.Read(ref sockets);

    public int Members => Volatile.Read(ref members);

    public void Relayed(int receivers, int length)
    {
        Interlocked.Add(ref frames, receivers);
        Interlocked.Add(ref bytes, (long)receivers * length);
    }

    public void ConnectionRefused() => Interlocked.Increment(ref refused);

    public void DroppedFull() => Interlocked.Increment(ref droppedFull);

    public void SocketCame() => Interlocked.Increment(ref sockets);

    public void SocketWent() => Interlocked.Decrement(ref sockets);

    public void MemberCame() => Interlocked.Increment(ref members);

    public void MemberLeft() => Interlocked.Decrement(ref members);

    public void Opened() => entered.Add(1, new KeyValuePair<string, object?>("how", "open"));

    public void Joined() => entered.Add(1, new KeyValuePair<string, object?>("how", "join"));

    public void Rejoined() => entered.Add(1, new KeyValuePair<string, object?>("how", "rejoin"));

    /// <param name="code">Null: lost without a close.</param>
    public void Closed(RelayClose? code) => closed.Add(1, new KeyValuePair<string, object?>("reason", code?.Name() ?? "lost"));

    /// <summary>Adds what is counted elsewhere.</summary>
    public void Observe(string name, string description, Func<long> value) => meter.CreateObservableGauge(name, value, description: description);

    /// <summary>Whether an instrument is of this server, and not of another in the same process.</summary>
    public bool Owns(Instrument instrument) => instrument.Meter == meter;

    public void Dispose() => meter.Dispose();
}
