using Alongside.Core.Wire;

namespace Alongside.Core.Session.Feed;

/// <summary>
/// How much one viewer is sent before it has painted what it got (docs/adr/0011-pacing.md). A model of the way to it:
/// <code>
/// update leaves ── base ──> arrives, behind what came before it ──> painted ──> acknowledged
///          |<------------- base -------------->|<-- bytes / rate -->|<- micros ->|
/// </code>
/// The base is the shortest delay seen lately. What an acknowledgement took beyond it was spent on bytes, and bounds the rate from both sides:
/// from below when the way can't have been slower, from above when it can't have been quicker. Only such evidence moves the rate, so that a
/// desktop on which little happens never counts as a slow line. The window is what the way holds when a little stands on it on purpose; of a way
/// that has not been tried it is no more than twice what has passed, so that a guess fills no modem.
/// A page that paints nothing acknowledges nothing and gets nothing more than its window.
/// </summary>
public sealed class Pacing
{
    /// <summary>Updates on the way at most, however small.</summary>
    public const int MaxUnpainted = 32;

    /// <summary>The first updates, while nothing is known: an eighth of a second of 2 Mbit/s.</summary>
    internal const int InitialBudget = 24 * 1024;

    /// <summary>An update that carries less than this is not worth its round trip.</summary>
    internal const int MinBudget = 3 * 1024;

    private const double InitialRate = 1_000_000;
    private const double MinRate = 8_000;
    private const double MaxRate = 1_000_000_000;

    /// <summary>Measured times are no better than this, in microseconds: threads wake up late on both sides.</summary>
    private const long Resolution = 2_000;

    /// <summary>An acknowledgement may be this late without anything standing on the way, in microseconds; more where small things are late as well.</summary>
    private const long LeastJitter = 10_000;

    private const long MostJitter = 80_000;

    /// <summary>So little takes no time of its own: an update of it tells how late things are for other reasons.</summary>
    private const int Light = 1_500;

    /// <summary>Between pings of a busy way, in microseconds.</summary>
    private const long PingTime = 2_000_000;

    /// <summary>What stands without a break for longer than this is judged anew, in microseconds: the rate of long ago is not today's.</summary>
    private const long LongestTrain = 200_000;

    /// <summary>The shortest delay is forgotten after one to two of these, in microseconds: paths change.</summary>
    private const long Memory = 10_000_000;

    /// <summary>Nothing that is only jitter lasts for longer than this, in microseconds.</summary>
    private const long LongestStall = 500_000;

    /// <summary>Between two updates of which one may be the next of the other, in microseconds: as much as a small one takes to be made and painted.</summary>
    private const long LeastPainting = 4_000;

    /// <summary>So many of the updates that may be unpainted are kept for what somebody waits for.</summary>
    private const int Kept = 2;

    private readonly Queue<Sent> unpainted = new(MaxUnpainted);
    private long unpaintedBytes;
    private double rate = InitialRate;
    private bool isGuess = true;
    private long tried = InitialBudget;
    private long shortest = long.MaxValue;
    private long shortestBefore = long.MaxValue;
    private long memoryUntil;
    private long changedAt = long.MinValue;
    private bool draining;
    private long pingNumber;
    private long? pingedAt;
    private long lastArrival = long.MinValue;
    private long trainBegan;
    private long trainBytes;
    private double painting;
    private double lateness;

    /// <summary>Somebody uses the desktop, so that less may stand on the way: their next letter goes behind it.</summary>
    public bool IsInteractive { get; set; }

    /// <summary>Bytes a second that the way takes, as far as is known.</summary>
    public long Rate => (long)rate;

    /// <summary>Nothing has shown yet what the way takes.</summary>
    public bool IsGuess => isGuess;

    /// <summary>Bytes that may be sent and not painted.</summary>
    public int Window => BaseDelay is { } delay
        ? (int)Math.Clamp(Math.Min(rate * (delay + Standing) / 1e6, tried), MinBudget, int.MaxValue)
        : InitialBudget;

    public int Unpainted => unpainted.Count;

    public long UnpaintedBytes => unpaintedBytes;

    /// <summary>The shortest time lately from sending to hearing of its arrival, in microseconds; null before the first.</summary>
    public long? BaseDelay => Math.Min(shortest, shortestBefore) is var delay and < long.MaxValue ? delay : null;

    /// <summary>The last time from an update's first byte to its acknowledgement, without painting, in microseconds.</summary>
    public long LastDelay { get; private set; }

    /// <summary>The same with painting, as that takes lately; 0 before the first.</summary>
    public long LastShown => LastDelay == 0 ? 0 : LastDelay + (long)painting;

    /// <summary>Whether an update is worth encoding for this viewer now.</summary>
    public bool IsOpen => unpainted.Count == 0
        || (!draining && unpainted.Count < MostUnpainted && Window - unpaintedBytes >= Math.Min(Largest, Window) / 2);

    /// <summary>Whether there is room beside an update for another one that somebody waits for: for what has the time to wait.</summary>
    public bool HasSpare => unpainted.Count == 0 || (IsOpen && unpainted.Count < MostUnpainted - Kept);

    /// <summary>Bytes that the way takes now without letting what comes next wait for long.</summary>
    public int Budget => BaseDelay is null ? InitialBudget
        : (int)Math.Clamp(Math.Min(Window - unpaintedBytes, Largest), MinBudget, int.MaxValue);

    /// <summary>Whether a ping is to be sent: nothing is on the way, and the last one was a while ago.</summary>
    public bool WantsPing(long now) => unpainted.Count == 0 && (pingedAt is not { } at || now - at >= PingTime);

    private long Standing => IsInteractive ? 12_000 : 50_000;

    /// <summary>One update is at most so much of what may stand on the way that two are underway.</summary>
    private double Largest => Math.Max(MinBudget, rate * (IsInteractive ? 12_000 : 33_000) / 1e6);

    /// <summary>A viewer that paints slowly must not collect updates, however small: some are on the way, one is painted, one waits.</summary>
    private int MostUnpainted => (int)Math.Min(MaxUnpainted, 2 + (((BaseDelay ?? 0) + Standing) / Math.Max(LeastPainting, painting)));

    private long Jitter => (long)Math.Clamp(2 * lateness, LeastJitter, MostJitter);

    /// <summary>A ping leaves.</summary>
    public void HasPinged(long now, long number) => (pingedAt, pingNumber) = (now, number);

    /// <summary>A ping was answered: as long as it took, the way is at most. False: another one than the last.</summary>
    public bool HasPonged(long now, long number)
    {
        if (pingedAt is { } at && number == pingNumber)
        {
            pingNumber = -1;
            long delay = Math.Max(1, now - at);
            Remember(now, delay);
            ObserveLateness(delay);
            return true;
        }

        return false;
    }

    /// <summary>The last byte of an update has left; the first one did at <paramref name="began"/>.</summary>
    public void HasSent(long began, uint sequence, int bytes)
    {
        unpainted.Enqueue(new(began, sequence, bytes));
        unpaintedBytes += bytes;
    }

    /// <summary>The viewer has painted this update, which took <paramref name="micros"/> from its last byte.</summary>
    /// <exception cref="ProtocolException">It was not the next one.</exception>
    public void HasPainted(long now, uint sequence, uint micros)
    {
        if (!unpainted.TryDequeue(out var sent) || sent.Sequence != sequence)
        {
            throw new ProtocolException("A viewer acknowledged an update that was not its next.");
        }

        unpaintedBytes -= sent.Bytes;

        // What a viewer claims beyond the whole time is nobody's evidence.
        long paint = Math.Min(micros, now - sent.Began);
        painting += (paint - painting) / 8;
        long arrival = now - paint;
        LastDelay = Math.Max(1, arrival - sent.Began);
        if (sent.Began > changedAt)
        {
            // What left by another path says nothing about this one.
            Remember(now, LastDelay);
            Judge(sent, arrival);
        }

        tried = Math.Min(tried + sent.Bytes, int.MaxValue);
        draining &= unpainted.Count > 0;
    }

    /// <summary>
    /// What leaves from now on takes another path between the same two machines. How long that is has to be learnt anew; the rate stays as a guess, for what narrows a way
    /// is most often at one of its ends.
    /// </summary>
    public void PathChanged(long now)
    {
        changedAt = now;
        isGuess = true;
        shortest = shortestBefore = long.MaxValue;
        lastArrival = long.MinValue;
        memoryUntil = 0;
        draining = false;
        pingedAt = null;
        pingNumber = -1;
        lateness = 0;
    }

    /// <summary>After a break: nothing is on the way, and the path may be another.</summary>
    public void Forget()
    {
        unpainted.Clear();
        unpaintedBytes = 0;
        rate = InitialRate;
        isGuess = true;
        tried = InitialBudget;
        shortest = shortestBefore = long.MaxValue;
        lastArrival = long.MinValue;
        memoryUntil = 0;
        changedAt = long.MinValue;
        draining = false;
        pingedAt = null;
        pingNumber = -1;
        painting = 0;
        lateness = 0;
    }

    /// <summary>
    /// Updates that came right behind each other are a train: what it took from where its first could have begun to arrive was spent on its bytes.
    /// </summary>
    private void Judge(Sent sent, long arrival)
    {
        long begin = sent.Began + BaseDelay!.Value;
        if (begin >= lastArrival)
        {
            (trainBegan, trainBytes) = (begin, 0);
            if (sent.Bytes <= Light)
            {
                ObserveLateness(arrival - sent.Began);
            }
        }

        trainBytes += sent.Bytes;
        lastArrival = Math.Max(lastArrival, arrival);
        long took = arrival - trainBegan;
        double least = trainBytes * 1e6 / Math.Max(took, Resolution);
        if (least > rate)
        {
            rate = Math.Min(least, Math.Min(2 * rate, MaxRate));
            isGuess = false;
        }
        else if (took > Jitter && trainBytes >= rate * Standing / 4e6)
        {
            // A stall in which nearly nothing was asked for says nothing about a line that was asked for much.
            double most = trainBytes * 1e6 / (took - Jitter);
            if (most < rate)
            {
                // One late train may be a stall of a line that is as good as it was. A guess is worth less than any measure.
                rate = Math.Max(most, isGuess || took > LongestStall ? MinRate : Math.Max(rate / 2, MinRate));
                isGuess = false;
                tried = Math.Max(InitialBudget, (long)(rate * (BaseDelay!.Value + Standing) / 1e6));
            }
        }

        if (took > LongestTrain)
        {
            (trainBegan, trainBytes) = (arrival, 0);
        }
    }

    private void ObserveLateness(long delay) => lateness += (delay - BaseDelay!.Value - lateness) / 8;

    private void Remember(long now, long delay)
    {
        if (now >= memoryUntil)
        {
            // What always stands on a busy way would pass for its length: let it run empty once.
            draining = memoryUntil > 0 && unpainted.Count > 0;
            memoryUntil = now + Memory;
            shortestBefore = shortest;
            shortest = long.MaxValue;
        }

        shortest = Math.Min(shortest, delay);
    }

    private readonly record struct Sent(long Began, uint Sequence, int Bytes);
}
