namespace Alongside.Core.Secure;

/// <summary>What the path under a pair promises.</summary>
public enum PathOrder : byte
{
    /// <summary>Payloads arrive in order or not at all (the relay): a record out of order ends the session.</summary>
    Ordered,

    /// <summary>
    /// Payloads may be lost, repeated or out of order: so may messages be lost or out of order, but none comes twice, and each must fit one
    /// record.
    /// </summary>
    Unordered,
}
