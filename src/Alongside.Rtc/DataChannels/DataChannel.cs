namespace Alongside.Rtc.DataChannels;

public enum ChannelState
{
    /// <summary>Asked for; messages can be sent already.</summary>
    Connecting,
    Open,

    /// <summary>One side has ended it; what was sent before still arrives.</summary>
    Closing,
    Closed,
}

/// <summary>One data channel: a stream in each direction under one number. A handle; <see cref="ChannelSet"/> does the work.</summary>
public sealed class DataChannel
{
    internal DataChannel(ushort id, ChannelTerms terms, bool isOurs)
    {
        (Id, Terms, IsOurs) = (id, terms, isOurs);
        State = isOurs ? ChannelState.Connecting : ChannelState.Open;
    }

    /// <summary>Even for the DTLS client's channels, odd for the server's.</summary>
    public ushort Id { get; }

    public ChannelTerms Terms { get; }

    public ChannelState State { get; internal set; }

    /// <summary>Whether this end opened it.</summary>
    public bool IsOurs { get; }

    /// <summary>Bytes of messages that have not left.</summary>
    public long BufferedAmount { get; internal set; }

    /// <summary>When <see cref="BufferedAmount"/> falls to it or below, that is an event.</summary>
    public long BufferedLowThreshold { get; set; }

    internal bool IsAboveThreshold { get; set; }

    internal bool HasSentReset { get; set; }

    internal bool IsOurHalfDone { get; set; }

    internal bool IsTheirHalfDone { get; set; }
}
