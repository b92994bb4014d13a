using System.Text;
using Alongside.Fuzz.Cases;
using Alongside.Rtc.Sdp;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>A candidate's line, and what is written of it.</summary>
public sealed class CandidateTarget() : ParserTarget("candidate", "Alongside.Rtc.Sdp.CandidateLine")
{
    public override IEnumerable<Case> Seeds() =>
    [
        Vectors.One("candidate:2 1 udp 1694498815 203.0.113.1 6000 typ srflx raddr 10.0.0.1 rport 5000"u8.ToArray()),
        Vectors.One("candidate:4 1 tcp 1015021823 2001:db8::5 9 typ host tcptype active"u8.ToArray()),
        Vectors.One("candidate:1 1 udp 2122260223 9b36eaac-bb2e-49bb-bb78-21c41c499900.local 46243 typ host generation 0"u8.ToArray()),
    ];

    protected override void Parse(ReadOnlySpan<byte> message)
    {
        if (CandidateLine.Read(Encoding.Latin1.GetString(message)) is { } candidate)
        {
            _ = CandidateLine.Read(CandidateLine.Write(candidate));
        }
    }
}
