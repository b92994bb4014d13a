namespace Alongside.Launcher.Lab;

/// <summary>`./alongside lab …`: the direct path, to be tried by hand and by other people's tests.</summary>
internal static class LabCommand
{
    public static Task<int> RunAsync(string[] args) =>
        args is ["echo", ..] ? Echo.RunAsync(args[1..], Console.In, Console.Out)
        : throw new UsageException("The laboratory has: ./alongside lab echo [--offer] [--loopback].");
}
