using Alongside.Fuzz.Cases;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>STUN messages: everything that can be asked of one. They are not thrown for: what is no STUN is somebody else's packet.</summary>
public sealed class StunTarget() : ParserTarget("stun", "Alongside.Rtc")
{
    private static readonly byte[] Key = "password"u8.ToArray();
    private static readonly StunAttribute[] Attributes = Enum.GetValues<StunAttribute>();

    public override int MaxLength => 2100;

    public override IEnumerable<Case> Seeds()
    {
        byte[] bytes = new byte[512];
        foreach (var from in (TransportAddress[])[new([127, 0, 0, 1], 3478), new(new byte[16], 9)])
        {
            var writer = new StunWriter(bytes, StunMethod.Binding, StunClass.Success, default);
            writer.WriteXorAddress(StunAttribute.XorMappedAddress, from);
            writer.WriteIntegrity(Key);
            writer.WriteFingerprint();
            yield return Vectors.One(bytes[..writer.Length]);
        }

        var refused = new StunWriter(bytes, StunMethod.Binding, StunClass.Error, default);
        refused.WriteError(StunError.UnknownAttribute, "What is this?");
        yield return Vectors.One(bytes[..refused.Length]);
    }

    protected override void Parse(ReadOnlySpan<byte> message)
    {
        if (!StunMessage.TryParse(message, out var stun))
        {
            return;
        }

        foreach (var attribute in Attributes)
        {
            stun.TryFind(attribute, out _);
            stun.TryReadU32(attribute, out _);
            stun.TryReadU64(attribute, out _);
            stun.TryReadXorAddress(attribute, out _);
            stun.TryReadAddress(attribute, out _);
        }

        stun.TryReadError(out _);
        stun.FirstUnknown(Attributes);
        _ = stun.HasRightFingerprint;
        stun.IsIntact(Key);
        stun.IsIntactSha256(Key);
    }

    protected override long MemoryFor(ReadOnlySpan<byte> message) => 1024;
}
