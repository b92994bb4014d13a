namespace Alongside.Rtc.Sctp.Sending;

/// <summary>How one message is to be delivered. Null limits mean: until it has arrived.</summary>
/// <param name="Unordered">It may overtake others of its stream.</param>
/// <param name="MaxRetransmits">How often a piece of it is sent again before the whole message is given up (RFC 7496 3.2).</param>
/// <param name="Lifetime">Microseconds after which it is given up (RFC 7496 3.1).</param>
public readonly record struct SendTerms(bool Unordered, int? MaxRetransmits = null, long? Lifetime = null);
