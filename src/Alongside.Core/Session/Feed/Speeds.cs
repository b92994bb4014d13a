namespace Alongside.Core.Session.Feed;

/// <summary>The three speeds of streams: how long those who are ready wait for those who are not.</summary>
internal static class Speeds
{
    public const int Count = 3;

    /// <summary>In microseconds. Somebody who makes the others of a stream wait for longer moves to the next.</summary>
    public static long Patience(int level) => level switch
    {
        0 => 40_000,
        1 => 150_000,
        _ => 1_000_000,
    };

    /// <summary>Who takes fewer bytes a second than the fastest of a stream by more than this narrows it.</summary>
    public const int Like = 3;

    /// <summary>How long somebody may narrow a stream on which more is asked for, in microseconds: rates are learnt in some round trips.</summary>
    public const long NarrowPatience = 300_000;

    /// <summary>Who takes nothing for so long does not look, in microseconds.</summary>
    public const long Sleep = 2_000_000;

    public const long FirstBackoff = 2_000_000;
    public const long LastBackoff = 64_000_000;
}
