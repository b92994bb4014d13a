using System.Text;
using Alongside.Core.Secure;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Secure;

/// <summary>Codes and links as people type and paste them.</summary>
public sealed class RoomCodeTarget() : ParserTarget("room-code", "Alongside.Core.Secure.RoomCode")
{
    public override int MaxLength => 600;

    public override IEnumerable<Case> Seeds() =>
        new[] { "482 190 573", "4821-905-731", "https://host:7700/join#AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBQ", "http://[::1]/help?a=b#AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBQ.CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCA" }
            .Select(text => Vectors.One(Encoding.UTF8.GetBytes(text)));

    protected override void Parse(ReadOnlySpan<byte> message) => RoomCode.TryParse(Encoding.UTF8.GetString(message), out _, out _);
}
