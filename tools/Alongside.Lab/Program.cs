using Alongside.Lab;

// alongside-lab NAME ARGUMENTS: what proves the direct path from outside.
var commands = new Dictionary<string, Func<string[], int>>
{
    ["echo"] = EchoCommand.Run,
};

if (args.Length == 0 || !commands.TryGetValue(args[0], out var command))
{
    Console.Error.WriteLine("""
        lab echo [--offer]    A peer of data channels on standard streams. In: {"type":"offer"|"answer","sdp":".."} and {"type":"candidate",..}, a line each;
                              out: the same. Echoes every message of every channel until standard input ends. With --offer it offers first.
        """);
    return args is ["help"] or ["--help"] ? 0 : 2;
}

return command(args[1..]);
