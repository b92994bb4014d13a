using System.Globalization;
using Alongside.Rtc.Ice;

namespace Alongside.Host.Room;

/// <summary>What became of a direct way, for the log: who reads it asks why a session took the server, and what would help. No address is in it.</summary>
internal static class WayWords
{
    /// <param name="report">Null: it never got as far as having sockets.</param>
    /// <param name="why">Why it is over.</param>
    public static string Ended(int guest, IceReport? report, string why)
    {
        if (report is null)
        {
            return $"Guest {guest}: no direct path. {why}";
        }

        int tried = report.Pairs.Count(pair => pair.ChecksSent > 0);
        int answered = report.Pairs.Count(pair => pair.Answers > 0);
        string found = $"Pairs of addresses: {tried} tried, {answered} answered{(Trouble(report.Trouble) is { Length: > 0 } trouble ? $"; {trouble}" : "")}.";
        return answered == 0 ? $"Guest {guest}: no direct path. {why} {found}" : $"Guest {guest}: the direct path is over. {why} {found}";
    }

    public static string Opened(int guest, IceReport? report)
    {
        var pair = report?.Pairs.FirstOrDefault(pair => pair.IsSelected);
        string by = pair is { IsRelayed: true } ? " by a TURN server" : "";
        string takes = pair is { RoundTrip: > 0 } ? string.Create(CultureInfo.InvariantCulture, $", {pair.RoundTrip / 1000.0:0.0} ms there and back") : "";
        return $"Guest {guest}: there is a direct path{by}{takes}.";
    }

    /// <summary>Empty: it says nothing.</summary>
    public static string Trouble(IceTrouble trouble) => trouble switch
    {
        IceTrouble.NoRemoteCandidates => "the other side named no address",
        IceTrouble.NothingToPair => "none of theirs goes with one of ours",
        IceTrouble.NothingHeard => "nothing came from there, UDP may be blocked on either side",
        IceTrouble.OneWay => "they were heard and did not hear us",
        IceTrouble.PathDied => "what worked was heard of no more",
        IceTrouble.OnlyRelayed => "a TURN server alone leads there",
        _ => "",
    };
}
