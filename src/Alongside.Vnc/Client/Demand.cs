using System.Buffers;
using Alongside.Core.Wire;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Client;

/// <summary>
/// Asks the server for updates: the next while the last is under way, so that no round trip is lost; none when nobody takes what came, so that a
/// desktop nobody looks at costs nothing. A server that sends by itself is told to, and told to stop in the same case.
/// <code>
/// u8 3 | u8 incremental | u16 x | u16 y | u16 width | u16 height
/// u8 150 | u8 enable | u16 x | u16 y | u16 width | u16 height
/// </code>
/// </summary>
internal sealed class Demand(IBufferWriter<byte> output)
{
    /// <summary>Updates that may come before one is taken: when they are asked for, and when the server sends by itself.</summary>
    private const int Ahead = 2;
    private const int AheadUnasked = 30;

    private int width;
    private int height;
    private int ahead;
    private bool waiting;
    private bool isContinuous;

    /// <summary>The server can send by itself.</summary>
    public bool HasContinuous { get; private set; }

    /// <summary>The desktop has this size now, and none of it is known.</summary>
    public void Resized(int width, int height)
    {
        (this.width, this.height) = (width, height);
        Request(incremental: false);
        if (isContinuous)
        {
            Enable(true);
        }
    }

    /// <summary>The server says that it can send by itself, or that it has stopped to.</summary>
    public void EndOfContinuous()
    {
        if (!HasContinuous)
        {
            HasContinuous = true;
            Enable(true);
        }
    }

    public void UpdateBegins()
    {
        if (isContinuous)
        {
            return;
        }

        waiting = false;
        if (ahead + 1 < Ahead)
        {
            Request(incremental: true);
        }
    }

    public void UpdateEnds()
    {
        ahead++;
        if (isContinuous && ahead >= AheadUnasked)
        {
            Enable(false);
        }
    }

    /// <summary>The picture was taken as it is: something newer is wanted.</summary>
    public void Taken()
    {
        ahead = 0;
        if (HasContinuous)
        {
            if (!isContinuous)
            {
                Enable(true);
            }
        }
        else if (!waiting)
        {
            Request(incremental: true);
        }
    }

    private void Request(bool incremental)
    {
        waiting = true;
        output.WriteU8(ClientMessageType.FramebufferUpdateRequest);
        Write(incremental);
    }

    private void Enable(bool on)
    {
        isContinuous = on;
        output.WriteU8(ClientMessageType.EnableContinuousUpdates);
        Write(on);
    }

    private void Write(bool flag)
    {
        output.WriteU8(flag ? (byte)1 : (byte)0);
        output.WriteU16(0);
        output.WriteU16(0);
        output.WriteU16(width);
        output.WriteU16(height);
    }
}
