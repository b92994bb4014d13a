using Alongside.Core.Session;

namespace Alongside.Net.Direct;

/// <summary>What becomes of direct ways. Called on any thread, some of it under a connection's lock: short, and never back into the ways.</summary>
public interface IDirectSink
{
    /// <summary>To be said to the other side, through the secure channel.</summary>
    void Say(ushort member, int way, ControlMessage signal);

    /// <summary>The way's channel is open.</summary>
    void Opened(ushort member, int way);

    /// <summary>A message that came over a way; the bytes are good during the call.</summary>
    /// <returns>False: too much waits already, and the way is given up.</returns>
    bool Received(ushort member, int way, ReadOnlySpan<byte> message);

    /// <summary>The way is dead, or not to be had.</summary>
    void Failed(ushort member, int way, string why);

    /// <summary>What the other side said of the way may not be.</summary>
    void Wrong(ushort member, int way, string reason);
}
