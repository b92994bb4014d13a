using Alongside.Soak;

// alongside-soak NAME OPTIONS: one long test, one JSON object on standard output.
if (args is [] or ["help" or "--help" or "-h"] or [_, "--help" or "-h"])
{
    Console.WriteLine(SoakOptions.Help);
    return args is [] ? 2 : 0;
}

try
{
    return args[0] switch
    {
        "sessions" => SessionSoak.Run(SoakOptions.Parse(args.AsSpan(1)), direct: false),
        "links" => SessionSoak.Run(SoakOptions.Parse(args.AsSpan(1)), direct: true),
        "ice" => IceSoak.Run(SoakOptions.Parse(args.AsSpan(1))),
        _ => throw new ArgumentException($"There is no long test \"{args[0]}\". There are: sessions, links, ice."),
    };
}
catch (ArgumentException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 2;
}
