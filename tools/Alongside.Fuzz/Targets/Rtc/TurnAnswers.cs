using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>What an honest TURN server answers to an allocation, without the proof.</summary>
internal static class TurnAnswers
{
    public static StunWriter Challenge()
    {
        var writer = new StunWriter(new byte[256], StunMethod.Allocate, StunClass.Error, default);
        writer.WriteError(StunError.Unauthenticated, "");
        writer.Write(StunAttribute.Realm, "realm");
        writer.Write(StunAttribute.Nonce, "nonce");
        return writer;
    }

    public static StunWriter Allocated(TransportAddress server)
    {
        var writer = new StunWriter(new byte[256], StunMethod.Allocate, StunClass.Success, default);
        writer.WriteXorAddress(StunAttribute.XorRelayedAddress, server.WithPort(50_000));
        writer.WriteXorAddress(StunAttribute.XorMappedAddress, server.WithPort(9));
        writer.WriteU32(StunAttribute.Lifetime, 600);
        return writer;
    }
}
