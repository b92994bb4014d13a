using System.Text;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;
using Alongside.Testing;

namespace Alongside.Rtc.Tests.Turn;

/// <summary>The client against a server that is scripted: what a real one does seldom, and what only a lying one does.</summary>
public sealed class TurnClientTests
{
    private static readonly TransportAddress Server = new([192, 0, 2, 1], 3478);
    private static readonly TransportAddress Relayed = new([192, 0, 2, 1], 50_000);
    private static readonly TransportAddress Peer = new([198, 51, 100, 9], 7000);
    private static readonly byte[] Key = LongTermCredential.MakeKey("user", "realm"u8, "pass", PasswordAlgorithm.Md5);

    private readonly SeededRandomSource random = new(5);
    private readonly TurnClient client;
    private long now = 1_000_000;

    public TurnClientTests() => client = new(now, new(TurnTransport.Udp, Server, "user", "pass"), random);

    private delegate void Writing(ref StunWriter writer);

    [Fact]
    public void A_stale_nonce_is_taken_up_and_the_request_made_again()
    {
        Allocate();
        client.Send(now, Peer, "data"u8);
        Answer(StunError.StaleNonce, (ref writer) => writer.Write(StunAttribute.Nonce, "second"));
        Assert.True(StunMessage.TryParse(Asked(), out var again));
        Assert.True(again.TryFind(StunAttribute.Nonce, out var nonce));
        Assert.Equal("second", Encoding.UTF8.GetString(nonce));
        Assert.True(again.IsIntact(Key));
        Succeed(again.TransactionId, again.Method, (ref _) => { });
        Assert.Equal([0x40, 0x00, 0, 4, .. "data"u8], Sent());
    }

    /// <summary>Two requests are under way when the nonce ends: each is told of the new one, which the second knows already.</summary>
    [Fact]
    public void A_stale_nonce_may_be_told_of_twice()
    {
        Allocate();
        now = client.NextTimeout;
        client.HandleTimeout(now);
        byte[] refresh = Asked();
        client.Send(now, Peer, "data"u8);
        Answer(StunError.StaleNonce, (ref writer) => writer.Write(StunAttribute.Nonce, "second"));
        Assert.True(StunMessage.TryParse(Asked(), out var bind));
        Assert.Equal(StunMethod.ChannelBind, bind.Method);
        Answer(refresh, StunError.StaleNonce, (ref writer) => writer.Write(StunAttribute.Nonce, "second"));
        Assert.False(client.IsOver);
        byte[] again = Asked();
        Assert.True(StunMessage.TryParse(again, out var second));
        Assert.Equal(StunMethod.Refresh, second.Method);
        Assert.True(second.TryFind(StunAttribute.Nonce, out var nonce));
        Assert.Equal("second", Encoding.UTF8.GetString(nonce));

        // That it is stale although it was signed with the newest there is, is a lie.
        Answer(again, StunError.StaleNonce, (ref writer) => writer.Write(StunAttribute.Nonce, "second"));
        Failed(TurnFailure.Unauthorised);
    }

    /// <summary>What is repeated to a server is as long as it likes: what no request has room for is not repeated, whichever request would have been the one.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_challenge_as_long_as_a_request_ends_the_allocation(bool offersAlgorithms)
    {
        string realm = new('r', 700);
        byte[] key = LongTermCredential.MakeKey("user", Encoding.ASCII.GetBytes(realm), "pass", offersAlgorithms ? PasswordAlgorithm.Sha256 : PasswordAlgorithm.Md5);
        bool[] taken = new bool[764];
        for (int length = 600; length < taken.Length; length++)
        {
            var six = new TurnClient(now, new(TurnTransport.Udp, new(System.Net.IPAddress.Parse("2001:db8::1"), 3478), "user", "pass"), random);
            Assert.True(six.TryPoll(out var first) && StunMessage.TryParse(first, out _));
            var challenge = Error(first.ToArray(), StunError.Unauthenticated, (ref writer) =>
            {
                writer.Write(StunAttribute.Realm, realm);
                writer.Write(StunAttribute.Nonce, "obMatJos2AAAB".PadRight(length, 'n'));
                if (offersAlgorithms)
                {
                    writer.Write(StunAttribute.PasswordAlgorithms, [0, 2, 0, 0, 0, 1, 0, 0]);
                }
            });
            six.Handle(now, challenge);
            if (six.IsOver)
            {
                Assert.True(six.TryPollEvent(out var e));
                Assert.Equal(TurnFailure.NotCredible, Assert.IsType<TurnEvent.Failed>(e).Why);
                continue;
            }

            taken[length] = true;
            Assert.True(six.TryPoll(out var second));
            Assert.True(StunMessage.TryParse(second, out var allocate));
            var buffer = new byte[512];
            var writer = new StunWriter(buffer, StunMethod.Allocate, StunClass.Success, allocate.TransactionId);
            writer.WriteXorAddress(StunAttribute.XorRelayedAddress, new(System.Net.IPAddress.Parse("2001:db8::1"), 50_000));
            if (offersAlgorithms)
            {
                writer.WriteIntegritySha256(key);
            }
            else
            {
                writer.WriteIntegrity(key);
            }

            six.Handle(now, writer.Written);
            six.Send(now, new(System.Net.IPAddress.Parse("2001:db8::2"), 7000), "data"u8);
            Assert.True(six.TryPoll(out var third) && StunMessage.TryParse(third, out var bind) && bind.Method == StunMethod.ChannelBind);
        }

        Assert.True(taken[600] && !taken[763]);
    }

    [Fact]
    public void The_allocation_is_refreshed_before_it_ends_and_given_back()
    {
        Allocate();
        Assert.Equal(now + 540_000_000, client.NextTimeout);
        now = client.NextTimeout;
        client.HandleTimeout(now);
        Assert.True(StunMessage.TryParse(Asked(), out var refresh));
        Assert.Equal(StunMethod.Refresh, refresh.Method);
        Succeed(refresh.TransactionId, StunMethod.Refresh, (ref writer) => writer.WriteU32(StunAttribute.Lifetime, 600));
        client.Close(now);
        Assert.True(StunMessage.TryParse(Asked(), out var close));
        Assert.True(close.TryReadU32(StunAttribute.Lifetime, out uint lifetime));
        Assert.Equal(0u, lifetime);
        Succeed(close.TransactionId, StunMethod.Refresh, (ref writer) => writer.WriteU32(StunAttribute.Lifetime, 0));
        Assert.True(client.IsOver);
    }

    [Theory]
    [InlineData("0.0.0.0", 50_000)]
    [InlineData("127.0.0.1", 50_000)]
    [InlineData("224.0.0.1", 50_000)]
    [InlineData("192.0.2.1", 0)]
    public void An_address_that_cannot_be_is_not_believed(string address, int port)
    {
        Challenge();
        Assert.True(TransportAddress.TryParse(address, (ushort)port, out var lie));
        Assert.True(StunMessage.TryParse(Asked(), out var asked));
        Succeed(asked.TransactionId, StunMethod.Allocate, (ref writer) => writer.WriteXorAddress(StunAttribute.XorRelayedAddress, lie));
        Failed(TurnFailure.NotCredible);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("224.0.0.5")]
    public void Nobody_is_sent_into_a_private_network(string address)
    {
        Challenge();
        Assert.True(TransportAddress.TryParse(address, 3478, out var other));
        Answer(StunError.TryAlternate, (ref writer) => writer.WriteAddress(StunAttribute.AlternateServer, other));
        Failed(TurnFailure.NotCredible);
    }

    [Fact]
    public void A_server_that_sends_us_on_is_followed_twice()
    {
        Challenge();
        for (byte i = 2; i < 4; i++)
        {
            var next = new TransportAddress([192, 0, 2, i], 3478);
            Answer(StunError.TryAlternate, (ref writer) => writer.WriteAddress(StunAttribute.AlternateServer, next));
            Assert.True(client.TryPollEvent(out var e));
            Assert.Equal(new TurnEvent.Redirected(next), e);
            Assert.Equal(next, client.Address);
        }

        Answer(StunError.TryAlternate, (ref writer) => writer.WriteAddress(StunAttribute.AlternateServer, new([192, 0, 2, 9], 3478)));
        Failed(TurnFailure.NotCredible);
    }

    [Fact]
    public void A_server_that_challenges_for_ever_is_left()
    {
        Challenge();
        for (int i = 0; i < 10 && !client.IsOver; i++)
        {
            Answer(StunError.StaleNonce, (ref writer) => writer.Write(StunAttribute.Nonce, $"nonce {i}"));
        }

        Failed(TurnFailure.Unauthorised);
    }

    [Fact]
    public void Success_without_proof_is_none()
    {
        Challenge();
        Assert.True(StunMessage.TryParse(Asked(), out var asked));
        var buffer = new byte[256];
        var writer = new StunWriter(buffer, StunMethod.Allocate, StunClass.Success, asked.TransactionId);
        writer.WriteXorAddress(StunAttribute.XorRelayedAddress, Relayed);
        client.Handle(now, writer.Written);
        writer.WriteIntegrity("another key"u8);
        client.Handle(now, writer.Written);
        Assert.False(client.TryPollEvent(out _));
        Assert.Null(client.Relayed);
    }

    [Theory]
    [InlineData(StunError.AllocationMismatch, TurnFailure.Mismatch)]
    [InlineData(StunError.AllocationQuotaReached, TurnFailure.QuotaReached)]
    [InlineData(StunError.InsufficientCapacity, TurnFailure.NoCapacity)]
    [InlineData(StunError.Forbidden, TurnFailure.Refused)]
    public void A_refusal_is_told_by_its_reason(int code, TurnFailure why)
    {
        Challenge();
        Answer(code, (ref _) => { });
        Failed(why);
    }

    [Fact]
    public void Silence_ends_in_time()
    {
        while (!client.IsOver)
        {
            Assert.True(client.NextTimeout < 60_000_000);
            now = client.NextTimeout;
            client.HandleTimeout(now);
        }

        Failed(TurnFailure.NoAnswer);
    }

    /// <summary>Bytes of a stream in pieces of any size; and bytes that are none.</summary>
    [Fact]
    public void A_stream_is_cut_into_its_messages_wherever_it_breaks()
    {
        byte[] stream = [0x40, 0x00, 0, 3, 1, 2, 3, 0, 0x40, 0x01, 0, 4, 5, 6, 7, 8];
        for (int cut = 0; cut <= stream.Length; cut++)
        {
            var framing = new TurnFraming();
            var got = new List<byte[]>();
            foreach (var piece in (byte[][])[stream[..cut], stream[cut..]])
            {
                ReadOnlySpan<byte> rest = piece;
                while (framing.TryRead(ref rest, out var message))
                {
                    got.Add(message.ToArray());
                }

                Assert.True(rest.IsEmpty);
            }

            Assert.Equal([[0x40, 0x00, 0, 3, 1, 2, 3], [0x40, 0x01, 0, 4, 5, 6, 7, 8]], got);
        }
    }

    [Fact]
    public void A_stream_that_is_none_ends_the_allocation()
    {
        var over = new TurnClient(now, new(TurnTransport.Tcp, Server, "user", "pass"), random);
        over.Handle(now, "HTTP/1.1 400 Bad Request\r\n\r\n"u8);
        Assert.True(over.IsOver);
        Assert.True(over.TryPollEvent(out var e));
        Assert.Equal(TurnFailure.NotCredible, Assert.IsType<TurnEvent.Failed>(e).Why);
    }

    /// <summary>That coturn takes them is in <see cref="CoturnTests"/>.</summary>
    [Fact]
    public void Credentials_carry_when_they_end_and_are_made_of_the_secret()
    {
        var issued = TurnCredentials.Issue("north", 1_700_000_000, 3600, "room");
        Assert.Equal("1700003600:room", issued.Username);
        Assert.Equal(1_700_003_600, issued.ExpiresAt);
        var mac = System.Security.Cryptography.HMACSHA1.HashData("north"u8, "1700003600:room"u8);
        Assert.Equal(Convert.ToBase64String(mac), issued.Password);
    }

    private void Allocate()
    {
        Challenge();
        Assert.True(StunMessage.TryParse(Asked(), out var asked));
        Succeed(asked.TransactionId, StunMethod.Allocate, (ref writer) =>
        {
            writer.WriteXorAddress(StunAttribute.XorRelayedAddress, Relayed);
            writer.WriteU32(StunAttribute.Lifetime, 600);
        });
        Assert.True(client.TryPollEvent(out var e));
        Assert.Equal(new TurnEvent.Allocated(Relayed, null), e);
    }

    private void Challenge() => Answer(
        StunError.Unauthenticated,
        (ref writer) =>
        {
            writer.Write(StunAttribute.Realm, "realm");
            writer.Write(StunAttribute.Nonce, "first");
        });

    private void Answer(int code, Writing more) => Answer(Asked(), code, more);

    private void Answer(byte[] request, int code, Writing more) => client.Handle(now, Error(request, code, more));

    private static byte[] Error(byte[] request, int code, Writing more)
    {
        Assert.True(StunMessage.TryParse(request, out var asked));
        var buffer = new byte[2048];
        var writer = new StunWriter(buffer, asked.Method, StunClass.Error, asked.TransactionId);
        writer.WriteError(code, "");
        more(ref writer);
        if (asked.Has(StunAttribute.MessageIntegrity) && code != StunError.StaleNonce)
        {
            writer.WriteIntegrity(Key);
        }

        return writer.Written.ToArray();
    }

    private void Succeed(TransactionId id, StunMethod method, Writing more)
    {
        var buffer = new byte[512];
        var writer = new StunWriter(buffer, method, StunClass.Success, id);
        more(ref writer);
        writer.WriteIntegrity(Key);
        client.Handle(now, writer.Written);
    }

    /// <summary>The newest request that has left.</summary>
    private byte[] Asked()
    {
        byte[] last = [];
        while (client.TryPoll(out var packet))
        {
            last = StunMessage.IsStun(packet) ? packet.ToArray() : last;
        }

        Assert.NotEmpty(last);
        return last;
    }

    private byte[] Sent()
    {
        Assert.True(client.TryPoll(out var packet));
        return packet.ToArray();
    }

    private void Failed(TurnFailure why)
    {
        TurnEvent? last = null;
        while (client.TryPollEvent(out var e))
        {
            last = e;
        }

        Assert.Equal(why, Assert.IsType<TurnEvent.Failed>(last).Why);
        Assert.True(client.IsOver);
        Assert.Equal(long.MaxValue, client.NextTimeout);
    }
}
