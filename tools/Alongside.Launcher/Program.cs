using Alongside.Launcher;
using Alongside.Launcher.Lab;
using Alongside.Launcher.Processes;
using Alongside.Launcher.Publish;
using Alongside.Launcher.Test;
using Alongside.Launcher.Up;

// `./alongside` has found the toolchains, installed what was missing and built everything before this runs.
// `alongside-launcher COMMAND --root DIR OPTIONS`
if (args.Length < 3 || args[1] != "--root")
{
    Console.Error.WriteLine("Start this with ./alongside.");
    return 2;
}

Signals.HearInterrupt();
var layout = new Layout(Path.GetFullPath(args[2]));
var rest = args[3..];
try
{
    return args[0] switch
    {
        "up" => await UpCommand.RunAsync(layout, UpOptions.Parse(rest)),
        "test" => await TestCommand.RunAsync(layout, TestOptions.Parse(rest)),
        "lab" => await LabCommand.RunAsync(layout, rest),
        "publish" => await PublishCommand.RunAsync(layout, rest),
        _ => throw new UsageException($"There is no command \"{args[0]}\"."),
    };
}
catch (UsageException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 2;
}
catch (StartException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
