using Alongside.Core.Wire;
using Alongside.Fuzz.Cases;
using Alongside.Fuzz.Coverage;
using Alongside.Fuzz.Running;
using Alongside.Fuzz.Targets;

namespace Alongside.Fuzz.Tests;

/// <summary>What is wrong is seen to be wrong, and made small.</summary>
public sealed class PlantedFaults
{
    private static readonly Case Input = new([[9, 9], [1, 2, 3, 4, 5, 6, 7, 8]]);

    [Fact]
    public void A_refusal_is_no_finding() => Assert.Null(Run(_ => throw new ProtocolException("no")));

    [Fact]
    public void Nothing_is_fed_after_a_refusal()
    {
        int fed = 0;
        Run(_ =>
        {
            fed++;
            throw new ProtocolException("no");
        });

        Assert.Equal(1, fed);
    }

    [Fact]
    public void Another_exception_is_found()
    {
        var finding = Run(message => _ = message[8]);

        Assert.Equal(FindingKind.Exception, finding!.Kind);
        Assert.Contains("IndexOutOfRange", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_over_the_budget_is_found_even_when_the_message_is_refused()
    {
        var finding = Run(message =>
        {
            GC.KeepAlive(new byte[10_000_000]);
            throw new ProtocolException("too late");
        });

        Assert.Equal(FindingKind.Memory, finding!.Kind);
    }

    [Fact]
    public void Memory_that_is_taken_once_is_none()
    {
        byte[]? kept = null;

        Assert.Null(Run(_ => kept ??= new byte[10_000_000]));
    }

    [Fact]
    public void Endless_work_is_found_by_its_steps()
    {
        var finding = Run(_ =>
        {
            while (true)
            {
                Footprint.Edge(1);
            }
        });

        Assert.Equal(FindingKind.Steps, finding!.Kind);
    }

    [Fact]
    public void A_case_is_made_as_small_as_it_can_be()
    {
        var target = new Planted(message =>
        {
            if (message.Contains((byte)7))
            {
                throw new InvalidOperationException();
            }
        });
        var small = new Minimiser(given => Runner.Run(target, given) is not null, 1000).Shrink(Input);

        Assert.Equal([7], Assert.Single(small.Messages));
    }

    [Fact]
    public void A_case_is_the_same_after_it_was_a_file()
    {
        Assert.Equal(Input.Messages, Case.Read(Input.ToFile()).Messages);
        Assert.Equal([[1]], Case.Read([0, 0, 0, 9, 1]).Messages);
    }

    [Fact]
    public void A_seed_says_what_comes()
    {
        byte[][] words = ["word"u8.ToArray()];
        Mutator one = new(new Random(5), words), other = new(new Random(5), words);
        for (int i = 0; i < 200; i++)
        {
            Assert.Equal(one.Mutate(Input, Input, 100).ToFile(), other.Mutate(Input, Input, 100).ToFile());
        }
    }

    private static Finding? Run(Take take) => Runner.Run(new Planted(take), Input);

    private delegate void Take(ReadOnlySpan<byte> message);

    private sealed class Planted(Take take) : ParserTarget("planted", "Alongside.Fuzz.Tests")
    {
        public override IEnumerable<Case> Seeds() => [Input];

        protected override void Parse(ReadOnlySpan<byte> message) => take(message);
    }
}
