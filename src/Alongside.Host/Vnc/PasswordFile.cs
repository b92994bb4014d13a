using Alongside.Net.Settings;

namespace Alongside.Host.Vnc;

/// <summary>Passwords that are not written on a command line, where everybody on the machine could read them.</summary>
internal static class PasswordFile
{
    /// <summary>The first line of a file.</summary>
    /// <exception cref="SettingsException">There is none.</exception>
    public static string Read(string setting, string file)
    {
        try
        {
            string first = File.ReadLines(file).FirstOrDefault("").TrimEnd();
            return first.Length > 0 ? first : throw new SettingsException($"--{setting}: the first line of {file} is empty.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"--{setting}: {file} cannot be read: {error.Message}");
        }
    }

    /// <summary>Asks on the terminal, without showing what is typed; from a pipe, the next line.</summary>
    public static string? Ask(string question)
    {
        Console.Error.Write(question);
        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine();
        }

        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length -= typed.Length > 0 ? 1 : 0;
            }
            else if (key.KeyChar >= ' ')
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
