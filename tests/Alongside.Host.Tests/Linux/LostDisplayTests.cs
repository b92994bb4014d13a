using Alongside.Host.Native;

namespace Alongside.Host.Tests.Linux;

/// <summary>A connection whose X server goes away while one of several threads uses it.</summary>
[Collection(XServer.Tests)]
public sealed class LostDisplayTests
{
    [Fact]
    public async Task What_one_thread_lost_another_can_use_and_close()
    {
        using var server = XServer.Start();
        var display = XDisplay.TryOpen(server.Display)!;
        server.Kill();
        await OnThreadAsync(() => display.TakeError());
        Assert.True(display.IsDead);
        await OnThreadAsync(() => display.TakeError());
        await OnThreadAsync(display.Dispose);
    }

    /// <summary>On a thread of its own, which then ends.</summary>
    private static Task OnThreadAsync(Action act)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            act();
            done.SetResult();
        })
        { IsBackground = true };
        thread.Start();
        return done.Task.WaitAsync(Until.Deadline);
    }
}
