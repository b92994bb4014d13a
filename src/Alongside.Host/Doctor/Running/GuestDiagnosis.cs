using System.Globalization;
using Alongside.Core.Session;
using Alongside.Host.Room;
using Alongside.Rtc.Ice;

namespace Alongside.Host.Doctor.Running;

/// <summary>Why a session is not on a direct path, and what would help, in words for whoever must act on them. Pure.</summary>
internal static class GuestDiagnosis
{
    /// <param name="off">Why this host looks for no direct path; null: it does.</param>
    /// <returns>Null: the session is on one, or there is nothing to say of it.</returns>
    public static string? Why(SessionReport session, WayFacts ways, string? off) => session switch
    {
        { Via: not null } or { Stage: not SessionStage.Live } or { Direct: DirectStage.InUse } => null,
        { Direct: DirectStage.Off } => off,
        { Direct: DirectStage.NotUnderstood } => "Their side takes no direct path: it is an old one, or its browser has no WebRTC.",
        { Direct: DirectStage.NotYet } => "None was looked for yet: their first picture comes first.",
        { Direct: DirectStage.Looking } when ways.Last is { } last => $"One is being looked for. {Ended(last)}",
        { Direct: DirectStage.Looking } => "One is being looked for.",
        { Direct: DirectStage.Untaken, DirectRoundTrip: { } direct, RelayRoundTrip: { } relay } when direct > relay =>
            string.Create(CultureInfo.InvariantCulture, $"There is one, and the server is quicker: {direct / 1000.0:0.0} ms there and back, by the server {relay / 1000.0:0.0}."),
        { Direct: DirectStage.Untaken } => "There is one, and the session is about to move to it.",
        _ => ways.Last is { } last ? Ended(last) : "None was found.",
    };

    public static IEnumerable<string> Advice(SessionReport session, WayFacts ways, string server)
    {
        if (session.Loss > Diagnosis.MuchLoss)
        {
            yield return Diagnosis.AgainstLoss;
        }

        if (session is not { Via: null, Stage: SessionStage.Live })
        {
            yield break;
        }

        if (session.Direct == DirectStage.NotUnderstood)
        {
            yield return "Another browser on their side would tell whether it is the browser: WebRTC may be switched off there, or by an extension or a policy.";
        }

        // While one is looked for, what stopped the last is all there is to say.
        if (session.Direct is DirectStage.Resting or DirectStage.Looking && ways.Last is { } last)
        {
            foreach (string advice in Against(last, server))
            {
                yield return advice;
            }
        }
    }

    private static string Ended(WayEnd last) => last switch
    {
        { Report: null } => $"None was found. {last.Why}",
        { Worked: true } => $"There was one, and it is over. {last.Why}",
        { Report.Trouble: var trouble } when WayWords.Trouble(trouble) is { Length: > 0 } words => $"None was found: {words}.",
        _ => $"None was found. {last.Why}",
    };

    private static IEnumerable<string> Against(WayEnd last, string server)
    {
        switch (last.Report?.Trouble)
        {
            case IceTrouble.NoRemoteCandidates:
                yield return "Their browser holds its addresses back: a setting, an extension or a policy about WebRTC. Another browser there would tell.";
                break;
            case IceTrouble.NothingToPair:
                yield return "As far as both sides say, one has IPv4 alone and the other IPv6 alone. A TURN server that has both would join them (turn, turn-secret at the server).";
                break;
            case IceTrouble.NothingHeard when last.Nat is NatKind.Blocked or NatKind.Unknown:
                yield return "UDP seems not to get out of this network either, since no STUN server answered: ask whoever runs its firewall to let UDP out, and answers back in.";
                yield return $"`alongside-host doctor --server {server}` tries this side by itself.";
                break;
            case IceTrouble.NothingHeard:
                yield return $"From here UDP gets out: a STUN server answered. So it is their network that blocks it, or both routers are of the hard kind: {server}/check in their browser says which.";
                yield return $"`alongside-host doctor --server {server}` says of which kind the router here is, and what can be switched on there.";
                break;
            case IceTrouble.OneWay:
                yield return "What they send arrives here, and what is sent back does not reach them: a firewall at their end lets UDP out, and not in.";
                break;
            case IceTrouble.PathDied:
                yield return "It worked and stopped: a line that broke, another network (a VPN, Wi-Fi for a cable), or a firewall that closes what lasts. It is looked for again by itself.";
                break;
        }
    }
}
