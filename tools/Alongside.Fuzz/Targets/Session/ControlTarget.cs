using System.Text;
using Alongside.Core.Session;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Session;

/// <summary>Control messages.</summary>
public sealed class ControlTarget() : ParserTarget("control", "Alongside.Core.Session")
{
    public override IEnumerable<Case> Seeds() => Vectors.Text("session-messages.json", "control").Select(text => Vectors.One(Encoding.UTF8.GetBytes(text)));

    protected override void Parse(ReadOnlySpan<byte> message)
    {
        if (ControlJson.Read(message) is { } control)
        {
            // What was understood can be said again.
            _ = ControlJson.Read(ControlJson.Write(control));
        }
    }
}
