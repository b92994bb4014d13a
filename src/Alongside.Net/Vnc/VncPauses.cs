namespace Alongside.Net.Vnc;

/// <summary>How a connection to a VNC server ended.</summary>
internal enum VncEnding
{
    /// <summary>The way there, or the server, broke: it may be back in a second.</summary>
    Broke,

    /// <summary>It is there and did not let us in: perhaps a person said no, whom each further try asks again.</summary>
    Shut,

    /// <summary>Trying again changes nothing. After a wrong password servers lock out who tries on, and with them everybody.</summary>
    Final,
}

/// <summary>How long a VNC server is left alone before the next try: twice as long after each, from anew when its desktop was there.</summary>
internal sealed class VncPauses
{
    private static readonly (TimeSpan First, TimeSpan Longest) Broken = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    private static readonly (TimeSpan First, TimeSpan Longest) Shut = (TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10));
    private static readonly TimeSpan Final = TimeSpan.FromMinutes(5);
    private TimeSpan broken;
    private TimeSpan shut;

    public TimeSpan After(VncEnding ending, bool wasReady)
    {
        if (wasReady)
        {
            broken = shut = default;
        }

        return ending switch
        {
            VncEnding.Final => Final,
            VncEnding.Shut => shut = Longer(shut, Shut),
            _ => broken = Longer(broken, Broken),
        };
    }

    private static TimeSpan Longer(TimeSpan last, (TimeSpan First, TimeSpan Longest) among) =>
        last == default ? among.First : TimeSpan.FromTicks(Math.Min(among.Longest.Ticks, last.Ticks * 2));
}
