using Alongside.Rtc.Sctp;
using Alongside.Rtc.Sctp.Receiving;
using Alongside.Testing;
using Alongside.Testing.Network;

namespace Alongside.Rtc.Tests.Sctp;

/// <summary>Two associations and the way between them, under virtual time.</summary>
internal sealed class SctpPair
{
    private readonly byte[] packet = new byte[65536];

    public SctpPair(ulong seed, LinkTerms terms, SctpOptions? left = null, SctpOptions? right = null)
    {
        Random = new SeededRandomSource(seed);
        Left = new SctpAssociation(left ?? Options, Random);
        Right = new SctpAssociation(right ?? left ?? Options, Random);
        ToRight = new SimulatedLink(terms, Random);
        ToLeft = new SimulatedLink(terms, Random);
    }

    /// <summary>With checksums, for the link may turn bits.</summary>
    public static SctpOptions Options { get; } = new() { ZeroChecksum = false };

    public SeededRandomSource Random { get; }

    public SctpAssociation Left { get; }

    public SctpAssociation Right { get; }

    public SimulatedLink ToRight { get; }

    public SimulatedLink ToLeft { get; }

    public long Now { get; private set; } = 1_000_000;

    /// <summary>Called with every message, which is not to be kept.</summary>
    public Action<SctpAssociation, IncomingMessage>? OnMessage { get; set; }

    public Action<SctpAssociation, SctpEvent>? OnEvent { get; set; }

    /// <summary>Called with every packet that leaves; false loses it.</summary>
    public Func<SctpAssociation, ReadOnlyMemory<byte>, bool>? OnPacket { get; set; }

    public bool Reads { get; set; } = true;

    public SctpPair Connect()
    {
        Left.Connect(Now);
        Right.Connect(Now);
        Assert.True(RunUntil(() => Left.IsOpen && Right.IsOpen, 30_000_000), "The association never stood.");
        return this;
    }

    public void Run(long microseconds) => RunUntil(() => false, microseconds);

    /// <summary>Runs until something is so, at most so long. Whether it became so.</summary>
    public bool RunUntil(Func<bool> isSo, long microseconds)
    {
        long end = Now + microseconds;
        while (true)
        {
            Drain(Left, ToRight);
            Drain(Right, ToLeft);
            if (isSo())
            {
                return true;
            }

            long next = Math.Min(Math.Min(Left.NextTimeout, Right.NextTimeout), Math.Min(ToLeft.NextAt, ToRight.NextAt));
            if (next > end)
            {
                Now = end;
                return false;
            }

            Now = Math.Max(Now, next);
            Arrive(ToRight, Right);
            Arrive(ToLeft, Left);
        }
    }

    private void Arrive(SimulatedLink link, SctpAssociation end)
    {
        while (link.Receive(Now, packet) is > 0 and var length)
        {
            end.Handle(Now, packet.AsSpan(0, length));
            Read(end);
        }
    }

    private void Read(SctpAssociation end)
    {
        while (Reads && end.TryRead(out var message))
        {
            OnMessage?.Invoke(end, message);
        }

        while (end.TryPollEvent(out var happened))
        {
            OnEvent?.Invoke(end, happened);
        }
    }

    private void Drain(SctpAssociation end, SimulatedLink link)
    {
        // One that would never stop is a fault, not a long run.
        for (int i = 0; i < 100_000; i++)
        {
            if (end.Poll(Now, packet) is not (> 0 and var length))
            {
                Read(end);
                return;
            }

            if (OnPacket?.Invoke(end, packet.AsMemory(0, length)) ?? true)
            {
                link.Send(Now, packet.AsSpan(0, length));
            }
        }

        throw new InvalidOperationException("An association had always one packet more.");
    }
}
