using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;
using Alongside.Testing;

namespace Alongside.Rtc.Tests.Stun;

public sealed class StunResponderTests
{
    private static readonly TransportAddress V4 = new([203, 0, 113, 5], 40_000);
    private static readonly TransportAddress V6 = new([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9], 40_000);

    private readonly SeededRandomSource random = new(7);
    private readonly StunResponder responder;
    private readonly byte[] answer = new byte[StunResponder.MaxAnswer];

    public StunResponderTests() => responder = new(random);

    [Fact]
    public void A_padded_question_is_answered_at_once()
    {
        foreach (var from in new[] { V4, V6 })
        {
            var question = new StunQuestion(V4, random);
            var packet = new byte[StunQuestion.Length];
            Assert.Equal(StunQuestion.Length, question.Poll(0, packet));
            int length = responder.Answer(0, from, packet, answer);
            Assert.InRange(length, 32, packet.Length);
            Assert.True(StunMessage.TryParse(answer.AsSpan(0, length), out var message));
            Assert.True(question.TryHandle(1500, V4, message));
            Assert.Equal(from, question.Mapped);
            Assert.Equal(1500, question.RoundTrip);
        }
    }

    [Fact]
    public void A_bare_question_is_answered_when_it_comes_again()
    {
        var bare = Bare();
        Assert.Equal(0, responder.Answer(0, V4, bare, answer));
        Assert.Equal(32, responder.Answer(250_000, V4, bare, answer));
        Assert.Equal(0, responder.Answer(300_000, V4, bare, answer));
    }

    [Fact]
    public void Nobody_gets_more_than_came_from_them_whatever_comes()
    {
        var got = new Dictionary<TransportAddress, long>();
        var packet = new byte[200];
        for (int i = 0; i < 50_000; i++)
        {
            var from = V4.WithPort((ushort)random.Next(300));
            var writer = new StunWriter(packet, StunMethod.Binding, StunClass.Request, TransactionId.New(random));
            for (int attributes = random.Next(3); attributes > 0; attributes--)
            {
                writer.Write((StunAttribute)random.Next(65536), packet.AsSpan(100, random.Next(20)));
            }

            int length = responder.Answer(i * 1000L, from, writer.Written, answer);
            got[from] = got.GetValueOrDefault(from) + writer.Length - length;
            Assert.True(got[from] >= 0);
        }

        Assert.True(responder.Answered > 1000);
    }

    [Fact]
    public void A_question_that_must_be_understood_and_is_not_is_refused_by_name()
    {
        var packet = new byte[100];
        var writer = new StunWriter(packet, StunMethod.Binding, StunClass.Request, TransactionId.New(random));
        writer.Write(StunAttribute.ChangeRequest, [0, 0, 0, 6]);
        writer.Write(StunAttribute.Software, "abcdefgh");
        int length = responder.Answer(0, V4, writer.Written, answer);
        Assert.True(StunMessage.TryParse(answer.AsSpan(0, length), out var message));
        Assert.True(message.TryReadError(out int code));
        Assert.Equal(StunError.UnknownAttribute, code);
        Assert.True(message.TryFind(StunAttribute.UnknownAttributes, out var unknown));
        Assert.Equal([0, 3], unknown.ToArray());
    }

    [Fact]
    public void What_is_no_question_gets_silence()
    {
        var packet = new byte[64];
        foreach (var @class in new[] { StunClass.Success, StunClass.Error, StunClass.Indication })
        {
            var writer = new StunWriter(packet, StunMethod.Binding, @class, TransactionId.New(random));
            writer.Write(StunAttribute.Software, "0123456789abcdef");
            Assert.Equal(0, responder.Answer(0, V4, writer.Written, answer));
        }

        Assert.Equal(0, responder.Answer(0, V4, "GET / HTTP/1.1\r\n\r\n\r\n"u8, answer));
        Assert.Equal(0, responder.Answered);
    }

    [Fact]
    public void A_question_nobody_answers_fails_in_time()
    {
        var question = new StunQuestion(V4, random);
        var packet = new byte[StunQuestion.Length];
        int sent = 0;
        while (!question.IsOver)
        {
            Assert.True(question.Due < 60_000_000);
            sent += question.Poll(question.Due, packet) > 0 ? 1 : 0;
        }

        Assert.True(question.HasFailed);
        Assert.Equal(7, sent);
    }

    private byte[] Bare()
    {
        var packet = new byte[20];
        _ = new StunWriter(packet, StunMethod.Binding, StunClass.Request, TransactionId.New(random));
        return packet;
    }
}
