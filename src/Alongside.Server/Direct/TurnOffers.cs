using System.Security.Cryptography;
using System.Text;
using Alongside.Core.Relay;
using Alongside.Rtc.Turn;

namespace Alongside.Server.Direct;

/// <summary>What members are told of the operator's TURN server, if there is one: a name and a password of their own, which end.</summary>
public sealed class TurnOffers(ServerSettings settings, TimeProvider time)
{
    /// <summary>Longer than most sessions. A host that is never attended stays for months: who stays is told anew at half of it, and when they come back after a break.</summary>
    private const int Seconds = 86_400;

    /// <summary>After so long a member is told anew.</summary>
    public static readonly TimeSpan Renewal = TimeSpan.FromSeconds(Seconds / 2);

    /// <summary>Null: there is no TURN server.</summary>
    /// <param name="room">Its id, of which the TURN server learns a hash.</param>
    public TurnOffer? For(string room, ushort member)
    {
        if (settings.Turn.Count == 0)
        {
            return null;
        }

        string who = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(room)).AsSpan(0, 6));
        var made = TurnCredentials.Issue(settings.TurnSecret!, time.GetUtcNow().ToUnixTimeSeconds(), Seconds, $"{who}-{member}");
        return new([.. settings.Turn], made.Username, made.Password, Seconds);
    }
}
