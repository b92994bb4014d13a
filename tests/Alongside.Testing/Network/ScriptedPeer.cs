using Alongside.Rtc.Ice;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;

namespace Alongside.Testing.Network;

/// <summary>The other side of an agent, a message at a time: it says what a test wants said, signed as it must be.</summary>
public sealed class ScriptedPeer(IceCredentials agent)
{
    private ulong transactions;

    public IceCredentials Credentials { get; } = new("PEER", "PEERPEERPEERPEERPEERPEER");

    /// <summary>A check that could come from the peer.</summary>
    /// <param name="nomination">Null: it names nothing; 0: without a number, as RFC 8445 has it.</param>
    /// <param name="name">Instead of the peer's own.</param>
    public byte[] Check(StunAttribute role, ulong tieBreaker, uint? nomination = null, uint priority = 1_000_000, string? name = null)
    {
        var packet = new byte[256];
        var writer = new StunWriter(packet, StunMethod.Binding, StunClass.Request, new TransactionId(++transactions, 7));
        writer.Write(StunAttribute.Username, $"{agent.UsernameFragment}:{name ?? Credentials.UsernameFragment}");
        writer.WriteU64(role, tieBreaker);
        writer.WriteU32(StunAttribute.Priority, priority);
        if (nomination is { } number)
        {
            writer.Write(StunAttribute.UseCandidate, []);
            if (number > 0)
            {
                writer.WriteU32(StunAttribute.Nomination, number);
            }
        }

        writer.WriteIntegrity(System.Text.Encoding.UTF8.GetBytes(agent.Password));
        writer.WriteFingerprint();
        return writer.Written.ToArray();
    }

    /// <summary>The answer to a check of the agent.</summary>
    /// <param name="error">0: success.</param>
    public byte[] Answer(ReadOnlySpan<byte> check, TransportAddress mapped, int error = 0)
    {
        var packet = new byte[256];
        var writer = new StunWriter(packet, StunMethod.Binding, error == 0 ? StunClass.Success : StunClass.Error, Parse(check).TransactionId);
        if (error == 0)
        {
            writer.WriteXorAddress(StunAttribute.XorMappedAddress, mapped);
        }
        else
        {
            writer.WriteError(error, "");
        }

        writer.WriteIntegrity(System.Text.Encoding.UTF8.GetBytes(Credentials.Password));
        writer.WriteFingerprint();
        return writer.Written.ToArray();
    }

    /// <exception cref="InvalidOperationException">It is no STUN.</exception>
    public static StunMessage Parse(ReadOnlySpan<byte> packet) =>
        StunMessage.TryParse(packet, out var message) ? message : throw new InvalidOperationException("The agent has sent something that is no STUN.");
}
