using System.Net;
using Alongside.Fuzz.Cases;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>Checks, answers and data that come to an agent from one address, signed as by a peer that has the credentials (<see cref="SignedStun"/>).</summary>
public sealed class IceTarget() : Target("ice", "Alongside.Rtc")
{
    private const int Answer = 0x0100;

    /// <summary>What <see cref="Zeros"/> make of ours.</summary>
    private const string Names = "AAAAAAAA:BBBB";

    private static readonly byte[] Ours = "AAAAAAAAAAAAAAAAAAAAAAAA"u8.ToArray(), Theirs = "BBBBBBBBBBBBBBBBBBBBBBBB"u8.ToArray();
    private static readonly TransportAddress Here = new(IPAddress.Parse("192.0.2.1"), 4000);
    private static readonly TransportAddress There = new(IPAddress.Parse("192.0.2.2"), 5000);

    public override IEnumerable<Case> Seeds()
    {
        byte[] plain = SignedStun.ToCase(Check(StunAttribute.IceControlling, nomination: null)), names = SignedStun.ToCase(Check(StunAttribute.IceControlling, 3));
        var success = new StunWriter(new byte[256], StunMethod.Binding, StunClass.Success, default);
        success.WriteXorAddress(StunAttribute.XorMappedAddress, Here);
        byte[] answer = SignedStun.ToCase(success), data = SignedStun.RawToCase(0x80, 1, 2);
        var conflict = new StunWriter(new byte[256], StunMethod.Binding, StunClass.Error, default);
        conflict.WriteError(StunError.RoleConflict, "");
        return
        [
            new([plain, answer, names, data, plain, data]),
            new([names, answer, data]),
            new([SignedStun.ToCase(Check(StunAttribute.IceControlled, nomination: null)), SignedStun.ToCase(conflict), plain, answer]),
            Vectors.One(SignedStun.RawToCase(Check(StunAttribute.IceControlling, nomination: null).Written)),
        ];
    }

    public override Subject Start() => new Agent();

    private static StunWriter Check(StunAttribute role, uint? nomination)
    {
        var writer = new StunWriter(new byte[256], StunMethod.Binding, StunClass.Request, default);
        writer.Write(StunAttribute.Username, Names);
        writer.WriteU64(role, 7);
        writer.WriteU32(StunAttribute.Priority, 1);
        if (nomination is { } value)
        {
            writer.Write(StunAttribute.UseCandidate, []);
            writer.WriteU32(StunAttribute.Nomination, value);
        }

        return writer;
    }

    private sealed class Agent : Subject
    {
        private readonly IceTransport transport = new(1, new(), IceServers.None, new Zeros());
        private long now = 1;

        public Agent()
        {
            transport.AddSocket(now, 0, Here, 1);
            transport.SetRemote(now, new("BBBB", "BBBBBBBBBBBBBBBBBBBBBBBB"));
            Drain();
        }

        public override void Take(ReadOnlySpan<byte> message)
        {
            now += 100_000;
            transport.Handle(now, 0, There, SignedStun.FromCase(message, static type => (type & Answer) == 0 ? Ours : Theirs));
            transport.HandleTimeout(now);
            Drain();
        }

        public override long MemoryFor(ReadOnlySpan<byte> message) => 1024 * 1024;

        private void Drain()
        {
            while (transport.TryPoll(out _, out _, out _) || transport.TryTakeData(out _) || transport.TryPollEvent(out _))
            {
            }
        }
    }
}
