using Alongside.Vnc.Security;

namespace Alongside.Vnc.Tests.Security;

public sealed class PasswordAttemptsTests
{
    [Fact]
    public void An_address_waits_twice_as_long_each_time_and_others_do_not()
    {
        var attempts = new PasswordAttempts();
        long now = 0;
        for (int i = 1; i < PasswordAttempts.Free; i++)
        {
            attempts.Failed(now, "a");
            Assert.Equal(0, attempts.Wait(now, "a"));
        }

        for (long wait = PasswordAttempts.FirstWait; wait <= PasswordAttempts.FirstWait * 8; wait *= 2)
        {
            attempts.Failed(now, "a");
            Assert.Equal(wait, attempts.Wait(now, "a"));
            now += wait;
            Assert.Equal(0, attempts.Wait(now, "a"));
        }

        Assert.Equal(0, attempts.Wait(now, "b"));
        attempts.Succeeded("a");
        attempts.Failed(now, "a");
        Assert.Equal(0, attempts.Wait(now, "a"));
    }

    [Fact]
    public void Guesses_from_everywhere_make_everybody_wait_until_the_minute_is_over()
    {
        var attempts = new PasswordAttempts();
        for (int i = 0; i < PasswordAttempts.FreeInAll; i++)
        {
            Assert.Equal(0, attempts.Wait(i, "new"));
            attempts.Failed(i, $"address {i}");
        }

        Assert.InRange(attempts.Wait(60, "new"), 1, PasswordAttempts.Window);
        Assert.Equal(0, attempts.Wait(PasswordAttempts.Window, "new"));
    }

    [Fact]
    public void A_million_addresses_are_not_a_million_memories_and_who_waits_goes_on_waiting()
    {
        var attempts = new PasswordAttempts();
        for (int i = 0; i < PasswordAttempts.Free + 3; i++)
        {
            attempts.Failed(0, "guesser");
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20_000; i++)
        {
            attempts.Failed(1, $"address {i}");
        }

        Assert.True(attempts.Wait(2, "guesser") > 0);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }
}
