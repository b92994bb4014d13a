using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Codec;

/// <summary>Updates as they come: both forms of the header, the window's frame, the loose part.</summary>
public sealed class UpdateTarget() : Target("update", "Alongside.Core.Codec")
{
    public override int MaxLength => 8192;

    public override IEnumerable<Case> Seeds() => GoldenUpdates.Read(MaxLength).Select(updates => new Case(updates));

    public override Subject Start() => new DecoderSubject();
}
