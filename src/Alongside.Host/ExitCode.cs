namespace Alongside.Host;

/// <summary>How the program ends, for scripts.</summary>
internal enum ExitCode
{
    Done = 0,

    /// <summary>The desktop could not be opened, or something else failed; standard error says what.</summary>
    Failed = 1,

    /// <summary>The command line, the environment or the config file is wrong.</summary>
    Usage = 2,

    /// <summary>There is no such room, or its time is over.</summary>
    NoRoom = 3,

    /// <summary>The code did not match and is spent.</summary>
    WrongCode = 4,
}
