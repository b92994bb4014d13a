using System.Net;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>What an honest TURN server answers to an allocation, without the proof.</summary>
internal static class TurnAnswers
{
    public static readonly TransportAddress Server = new(IPAddress.Parse("192.0.2.1"), 3478);

    /// <summary>Of the user that a <see cref="TurnSubject"/> is.</summary>
    public static readonly byte[] Key = LongTermCredential.MakeKey("user", "realm"u8, "pass", PasswordAlgorithm.Md5);

    public static StunWriter Challenge()
    {
        var writer = new StunWriter(new byte[256], StunMethod.Allocate, StunClass.Error, default);
        writer.WriteError(StunError.Unauthenticated, "");
        writer.Write(StunAttribute.Realm, "realm");
        writer.Write(StunAttribute.Nonce, "nonce");
        return writer;
    }

    public static StunWriter Allocated()
    {
        var writer = new StunWriter(new byte[256], StunMethod.Allocate, StunClass.Success, default);
        writer.WriteXorAddress(StunAttribute.XorRelayedAddress, Server.WithPort(50_000));
        writer.WriteXorAddress(StunAttribute.XorMappedAddress, Server.WithPort(9));
        writer.WriteU32(StunAttribute.Lifetime, 600);
        return writer;
    }
}
