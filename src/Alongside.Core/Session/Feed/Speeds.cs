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

    /// <summary>A viewer joins a stream when what brings it up is at most this long: more would make the stream wait.</summary>
    public static int JoinBytes(int level, int window) => Math.Max(64 * 1024 << level, window / 2);

    public const long FirstBackoff = 2_000_000;
    public const long LastBackoff = 64_000_000;
}
