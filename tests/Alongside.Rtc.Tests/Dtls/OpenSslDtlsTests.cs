using Alongside.Rtc.Dtls;
using Alongside.Rtc.Dtls.OpenSsl;
using Alongside.Testing;

namespace Alongside.Rtc.Tests.Dtls;

public sealed class OpenSslDtlsTests : IDisposable
{
    private readonly DtlsIdentity left = DtlsIdentity.Create(new SeededRandomSource(1));
    private readonly DtlsIdentity right = DtlsIdentity.Create(new SeededRandomSource(2));
    private readonly byte[] datagram = new byte[4096];
    private readonly byte[] plaintext = new byte[4096];

    public void Dispose()
    {
        left.Dispose();
        right.Dispose();
    }

    [Fact]
    public void Two_ends_meet_and_datagrams_stay_apart()
    {
        using var client = Client(right.Fingerprint);
        using var server = Server(left.Fingerprint);
        var sizes = Meet(client, server);
        Assert.All(sizes, size => Assert.InRange(size, 1, 1200));

        foreach (int length in new[] { 1, 100, 1191 })
        {
            byte[] data = new byte[length];
            new SeededRandomSource((ulong)length).Fill(data);
            int protectedLength = client.Protect(data, datagram);
            Assert.Equal(length + client.Overhead, protectedLength);
            Assert.Equal(length, server.Receive(0, datagram.AsSpan(0, protectedLength), plaintext));
            Assert.Equal(data, plaintext[..length]);
            Assert.Equal(0, server.Receive(0, [], plaintext));
        }
    }

    [Fact]
    public void Two_records_in_one_datagram_are_both_read()
    {
        using var client = Client(right.Fingerprint);
        using var server = Server(left.Fingerprint);
        Meet(client, server);
        int first = client.Protect("one"u8, datagram), second = client.Protect("two"u8, datagram.AsSpan(first));
        Assert.Equal(3, server.Receive(0, datagram.AsSpan(0, first + second), plaintext));
        Assert.Equal("one"u8.ToArray(), plaintext[..3]);
        Assert.Equal(3, server.Receive(0, [], plaintext));
        Assert.Equal("two"u8.ToArray(), plaintext[..3]);
        Assert.Equal(0, server.Receive(0, [], plaintext));
    }

    [Fact]
    public void Another_certificate_ends_it_before_any_data()
    {
        using var other = DtlsIdentity.Create(new SeededRandomSource(3));
        using var client = Client(other.Fingerprint);
        using var server = Server(left.Fingerprint);
        Exchange(client, server);
        Assert.Equal(DtlsState.Ended, client.State);
        Assert.Contains("another certificate", client.EndReason);
        Assert.Equal(0, client.Protect("secret"u8, datagram));

        using var honest = Client(right.Fingerprint);
        using var wary = Server(other.Fingerprint);
        Exchange(honest, wary);
        Assert.Equal(DtlsState.Ended, wary.State);
        int length = honest.Protect("data"u8, datagram);
        Assert.Equal(0, length == 0 ? 0 : wary.Receive(0, datagram.AsSpan(0, length), plaintext));
    }

    [Fact]
    public void What_comes_again_or_is_changed_gives_nothing()
    {
        using var client = Client(right.Fingerprint);
        using var server = Server(left.Fingerprint);
        Meet(client, server);
        byte[] record = datagram[..client.Protect("once"u8, datagram)];
        for (int at = 0; at < record.Length; at++)
        {
            byte[] changed = [.. record];
            changed[at] ^= 0x55;
            Assert.Equal(0, server.Receive(0, changed, plaintext));
        }

        for (int length = 0; length < record.Length; length++)
        {
            Assert.Equal(0, server.Receive(0, record.AsSpan(0, length), plaintext));
        }

        Assert.Equal(4, server.Receive(0, record, plaintext));
        Assert.Equal(0, server.Receive(0, record, plaintext));
        Assert.Equal(DtlsState.Connected, server.State);
    }

    /// <summary>OpenSSL ends a session on a record that has no room for its tag, whoever made it.</summary>
    [Fact]
    public void A_forged_record_that_is_too_short_ends_nothing()
    {
        using var client = Client(right.Fingerprint);
        using var server = Server(left.Fingerprint);
        Meet(client, server);
        foreach (var (from, to) in new[] { (client, server), (server, client) })
        {
            for (int length = 0; length < 40; length++)
            {
                byte[] forged = [23, 254, 253, 0, 1, 0, 0, 0, 0, 9, 9, 0, (byte)length, .. new byte[length]];
                Assert.Equal(0, to.Receive(0, forged, plaintext));

                // Nor what stands behind a record that is good.
                int good = from.Protect("good"u8, datagram);
                forged.CopyTo(datagram, good);
                Assert.Equal(4, to.Receive(0, datagram.AsSpan(0, good + forged.Length), plaintext));
                Assert.Equal(0, to.Receive(0, [], plaintext));
                Assert.Equal(DtlsState.Connected, to.State);
            }
        }
    }

    [Fact]
    public void A_handshake_in_small_pieces_is_put_together()
    {
        using var client = new OpenSslDtls(left, right.Fingerprint, isClient: true, mtu: 256);
        using var server = new OpenSslDtls(right, left.Fingerprint, isClient: false, mtu: 256);
        var sizes = Meet(client, server);
        Assert.True(sizes.Count >= 8 && sizes.Max() <= 256, string.Join(' ', sizes));
    }

    [Fact]
    public void A_flood_of_hellos_is_answered_within_bounds()
    {
        using var client = Client(right.Fingerprint);
        using var server = Server(left.Fingerprint);
        client.Start(0);
        byte[] hello = datagram[..client.Poll(0, datagram)];
        server.Start(0);
        for (int i = 0; i < 10_000; i++)
        {
            server.Receive(0, hello, plaintext);
        }

        int answers = 0;
        while (server.Poll(0, datagram) > 0)
        {
            answers++;
        }

        Assert.InRange(answers, 1, 32);
    }

    [Fact]
    public void A_lost_flight_is_sent_again_by_the_clock_of_the_library()
    {
        using var client = Client(right.Fingerprint);
        client.Start(1_000_000);
        Assert.True(client.Poll(1_000_000, datagram) > 0);
        Assert.Equal(0, client.Poll(1_000_000, datagram));
        Assert.InRange(client.NextTimeout, 1_000_001, 1_200_000);
    }

    [Fact]
    public void Rubbish_during_the_handshake_crashes_nothing()
    {
        var random = new SeededRandomSource(5);
        for (int i = 0; i < 300; i++)
        {
            using var client = Client(right.Fingerprint);
            using var server = Server(left.Fingerprint);
            client.Start(0);
            server.Start(0);
            for (int step = 0; step < 12 && client.State == DtlsState.Handshaking; step++)
            {
                Pass(client, server, random);
                Pass(server, client, random);
            }

            Assert.False(client.State == DtlsState.Ended && client.EndReason is null);
        }
    }

    /// <summary>Who rests has no buffers; whichever end speaks first afterwards, it is heard.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_has_long_been_silent_speaks_and_hears_as_before(bool clientSpeaks)
    {
        using var client = Client(right.Fingerprint);
        using var server = Server(left.Fingerprint);
        Meet(client, server);
        var (from, to) = clientSpeaks ? (client, server) : (server, client);
        for (long now = 0; now < 30_000_000; now += 10_000_000)
        {
            foreach (var end in new[] { client, server })
            {
                // Until it is at rest there is something to wait for.
                for (int i = 0; i < 3; i++)
                {
                    Assert.Equal(0, end.Poll(now + (i * 1_000_000), datagram));
                }

                Assert.Equal(long.MaxValue, end.NextTimeout);
            }

            int length = from.Protect("after a rest"u8, datagram);
            Assert.Equal(12, to.Receive(now + 5_000_000, datagram.AsSpan(0, length), plaintext));
            Assert.Equal("after a rest"u8.ToArray(), plaintext[..12]);
            length = to.Protect("and back"u8, datagram);
            Assert.Equal(8, from.Receive(now + 5_000_000, datagram.AsSpan(0, length), plaintext));
        }
    }

    [Fact]
    public void A_farewell_after_a_rest_is_heard()
    {
        using var client = Client(right.Fingerprint);
        using var server = Server(left.Fingerprint);
        Meet(client, server);
        for (long now = 0; now < 4_000_000; now += 1_000_000)
        {
            client.Poll(now, datagram);
        }

        client.Close();
        Exchange(client, server);
        Assert.Equal("The peer said farewell.", server.EndReason);
    }

    [Fact]
    public void A_farewell_is_heard()
    {
        using var client = Client(right.Fingerprint);
        using var server = Server(left.Fingerprint);
        Meet(client, server);
        client.Close();
        Exchange(client, server);
        Assert.Equal("The peer said farewell.", server.EndReason);
    }

    [Fact]
    public void A_fingerprint_is_read_as_it_is_written()
    {
        Assert.True(Fingerprint.TryParse(left.Fingerprint.ToString(), out var read));
        Assert.Equal(left.Fingerprint, read);
        Assert.True(Fingerprint.TryParse(left.Fingerprint.ToString().ToLowerInvariant(), out read));
        Assert.Equal(left.Fingerprint, read);
        Assert.NotEqual(left.Fingerprint, right.Fingerprint);
        Assert.False(Fingerprint.TryParse("sha-1 " + left.Fingerprint.ToString()[8..], out _));
        Assert.False(Fingerprint.TryParse(left.Fingerprint.ToString()[..^1], out _));
        Assert.False(Fingerprint.TryParse(left.Fingerprint.ToString()[..^1] + "G", out _));
    }

    private OpenSslDtls Client(Fingerprint expected) => new(left, expected, isClient: true);

    private OpenSslDtls Server(Fingerprint expected) => new(right, expected, isClient: false);

    private List<int> Meet(OpenSslDtls client, OpenSslDtls server)
    {
        var sizes = Exchange(client, server);
        Assert.Equal(DtlsState.Connected, client.State);
        Assert.Equal(DtlsState.Connected, server.State);
        return sizes;
    }

    private List<int> Exchange(OpenSslDtls a, OpenSslDtls b)
    {
        var sizes = new List<int>();
        if (a.State == DtlsState.Handshaking)
        {
            a.Start(0);
            b.Start(0);
        }

        for (int i = 0; i < 20; i++)
        {
            foreach (var (from, to) in new[] { (a, b), (b, a) })
            {
                while (from.Poll(0, datagram) is > 0 and var length)
                {
                    sizes.Add(length);
                    to.Receive(0, datagram.AsSpan(0, length), plaintext);
                }
            }
        }

        return sizes;
    }

    /// <summary>Passes datagrams on, most of them changed somewhere.</summary>
    private void Pass(OpenSslDtls from, OpenSslDtls to, SeededRandomSource random)
    {
        while (from.Poll(0, datagram) is > 0 and var length)
        {
            for (int changes = random.Next(4); changes > 0; changes--)
            {
                datagram[random.Next(length)] = (byte)random.Next(256);
            }

            to.Receive(0, datagram.AsSpan(0, random.Next(8) == 0 ? random.Next(length) : length), plaintext);
        }
    }
}
