namespace Alongside.Testing.Simulation;

/// <summary>How one viewer is connected, as TCP shows it: what is lost comes late, and everything behind it waits. Times in microseconds.</summary>
/// <param name="Delay">One way between server and viewer.</param>
/// <param name="Rate">Bytes a second from the server to the viewer.</param>
/// <param name="Jitter">Added to the delay at random, up to this; nothing overtakes.</param>
/// <param name="Queue">Bytes that sockets and routers take in beyond what is on the wire, so that the server does not see that they stand.</param>
/// <param name="Loss">Packets of 1,400 bytes that are lost, in a million. Each costs a round trip, one in eight a timeout.</param>
public sealed record SimulatedLine(long Delay, long Rate, long Jitter = 0, int Queue = 0, int Loss = 0)
{
    private const int Packet = 1_400;

    /// <summary>The shortest time after which TCP sends again what it heard nothing of.</summary>
    private const long Timeout = 200_000;

    /// <summary>How long a payload of so many bytes stands on the wire.</summary>
    public long Time(int bytes) => bytes * 1_000_000L / Rate;

    /// <summary>How much later than the delay a payload is there: jitter, and what was lost of it.</summary>
    public long Lateness(int bytes, SeededRandomSource random)
    {
        long late = Jitter == 0 ? 0 : random.Next((int)Jitter);
        for (int packets = 1 + (bytes / Packet); packets > 0 && Loss > 0; packets--)
        {
            if (random.Next(1_000_000) < Loss)
            {
                late += (2 * Delay) + (random.Next(8) == 0 ? Timeout : 0);
            }
        }

        return late;
    }
}
