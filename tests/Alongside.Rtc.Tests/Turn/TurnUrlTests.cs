using Alongside.Rtc.Turn;

namespace Alongside.Rtc.Tests.Turn;

/// <summary>RFC 7065, and what of it we do not do.</summary>
public sealed class TurnUrlTests
{
    [Theory]
    [InlineData("turn:turn.example.org", TurnTransport.Udp, "turn.example.org", 3478)]
    [InlineData("turn:turn.example.org:80?transport=udp", TurnTransport.Udp, "turn.example.org", 80)]
    [InlineData("turn:198.51.100.7?transport=tcp", TurnTransport.Tcp, "198.51.100.7", 3478)]
    [InlineData("turns:turn.example.org", TurnTransport.Tls, "turn.example.org", 5349)]
    [InlineData("turns:turn.example.org:443?transport=tcp", TurnTransport.Tls, "turn.example.org", 443)]
    [InlineData("turn:[2001:db8::7]:3479", TurnTransport.Udp, "2001:db8::7", 3479)]
    public void Says_where_and_how(string text, TurnTransport transport, string host, int port)
    {
        Assert.True(TurnUrl.TryParse(text, out var url));
        Assert.Equal(new TurnUrl(transport, host, (ushort)port), url);
    }

    [Theory]
    [InlineData("")]
    [InlineData("turn:")]
    [InlineData("stun:turn.example.org")]
    [InlineData("turns:turn.example.org?transport=udp")]
    [InlineData("turn:turn.example.org?transport=sctp")]
    [InlineData("turn:turn.example.org?transport=udp?transport=udp")]
    [InlineData("turn:turn.example.org:0")]
    [InlineData("turn:turn.example.org:65536")]
    [InlineData("turn:turn.example.org:port")]
    [InlineData("turn:2001:db8::7")]
    [InlineData("turn:[2001:db8::7")]
    [InlineData("turn:[2001:db8::7]3479")]
    [InlineData("turn:user@turn.example.org")]
    public void Other_words_are_none(string text) => Assert.False(TurnUrl.TryParse(text, out _));
}
