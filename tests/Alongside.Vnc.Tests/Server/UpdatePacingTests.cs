using System.Buffers.Binary;
using Alongside.Vnc.Server;

namespace Alongside.Vnc.Tests.Server;

/// <summary>How much a viewer is sent before it has taken what it got.</summary>
public sealed class UpdatePacingTests
{
    private const int Picture = 100_000;
    private readonly UpdatePacing pacing = new();

    [Fact]
    public void Small_updates_share_a_fence_and_a_large_one_has_its_own()
    {
        int fences = 0;
        for (int i = 0; i < 80; i++)
        {
            fences += pacing.HasSent(i * 100_000, 60, out _) ? 1 : 0;
        }

        Assert.Equal(10, fences);
        Assert.True(pacing.HasSent(9_000_000, 1024, out _));
        Assert.False(pacing.HasSent(9_100_000, 1000, out _));
        Assert.True(pacing.HasSent(9_200_000, 24, out _));
    }

    [Fact]
    public void A_viewer_that_takes_nothing_is_sent_a_window_and_one_that_does_is_sent_more()
    {
        Assert.Equal(3, SendAll(0).Count);
        Assert.False(pacing.IsOpen);
        Return(10_000, 3);
        Assert.True(pacing.IsOpen);

        // All of the window was used, and nothing waited on the way.
        Assert.Equal(4, SendAll(20_000).Count);
    }

    [Fact]
    public void What_waits_on_the_way_halves_the_window()
    {
        SendAll(0);
        Return(10_000, 3);
        uint next = 4 + (uint)SendAll(20_000).Count - 1;
        Return(400_000, next);
        Assert.True(pacing.IsOpen);
        Assert.Equal(2, SendAll(410_000).Count);
    }

    [Fact]
    public void Fences_that_are_not_ours_change_nothing()
    {
        SendAll(0);
        foreach (uint number in (uint[])[0, 4, 77, uint.MaxValue])
        {
            Return(10_000, number);
            Assert.False(pacing.IsOpen);
        }

        pacing.HasReturned(10_000, [1, 2, 3]);
        Assert.False(pacing.IsOpen);
        Return(10_000, 3);
        Return(10_000, 3);
        Assert.True(pacing.IsOpen);
    }

    private List<uint> SendAll(long now)
    {
        var numbers = new List<uint>();
        while (pacing.IsOpen)
        {
            Assert.True(pacing.HasSent(now, Picture, out uint number));
            numbers.Add(number);
        }

        return numbers;
    }

    private void Return(long now, uint number)
    {
        Span<byte> payload = stackalloc byte[UpdatePacing.PayloadLength];
        BinaryPrimitives.WriteUInt32BigEndian(payload, number);
        pacing.HasReturned(now, payload);
    }
}
