namespace Alongside.Vnc.Client;

/// <summary>The server let nobody in: a wrong password, too many tries, no more room. Its own words are in the message.</summary>
/// <param name="reason">Fit to be shown.</param>
/// <param name="isPassword">Trying again with the same password will not help, and may close the server for everybody.</param>
public sealed class RfbRefusedException(string reason, bool isPassword) : Exception(reason)
{
    /// <summary>Trying again with the same password changes nothing.</summary>
    public bool IsPassword { get; } = isPassword;
}
