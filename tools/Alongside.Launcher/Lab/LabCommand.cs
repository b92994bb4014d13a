using Alongside.Launcher.Lab.Breaks;
using Alongside.Launcher.Lab.Nat;

namespace Alongside.Launcher.Lab;

/// <summary>`./alongside lab …`: the direct path, to be tried by hand and by other people's tests.</summary>
internal static class LabCommand
{
    public static Task<int> RunAsync(Layout layout, string[] args) =>
        args is ["echo", ..] ? Echo.RunAsync(args[1..], Console.In, Console.Out)
        : args is ["nat", ..] ? NatCommand.RunAsync(layout, args[1..])
        : args is ["breaks", ..] ? BreakCommand.RunAsync(layout, args[1..])
        : args is ["doctor", ..] ? CheckupCommand.RunAsync(layout, args[1..])
        : throw new UsageException("The laboratory has: ./alongside lab echo [--offer] [--loopback], ./alongside lab nat [--json] [HOST/VIEWER...], ./alongside lab breaks [--json] [CASE...], ./alongside lab doctor [--json] [KIND...].");
}
