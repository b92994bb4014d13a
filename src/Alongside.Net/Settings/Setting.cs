namespace Alongside.Net.Settings;

/// <summary>One setting of a program: its name (`data` for `--data`, `ALONGSIDE_DATA` and `data = …`), and what it is for.</summary>
public sealed record Setting
{
    private Setting(string name, string? value, string? @default, string help, string? example)
    {
        Name = name;
        Value = value;
        Default = @default;
        Help = help;
        Example = example;
    }

    public string Name { get; }

    /// <summary>What stands for the value in the help (`DIR`); null for a flag, which is on or off.</summary>
    public string? Value { get; }

    /// <summary>Null: nothing unless given.</summary>
    public string? Default { get; }

    public string Help { get; }

    public string? Example { get; }

    public bool IsFlag => Value is null;

    /// <summary>Smallest and largest value of a number; both 0 when it is not one.</summary>
    public (int Least, int Most) Range { get; private init; }

    public string Variable => "ALONGSIDE_" + Name.Replace('-', '_').ToUpperInvariant();

    public static Setting Flag(string name, string help) => new(name, null, null, help, null);

    public static Setting Text(string name, string value, string? @default, string help, string? example = null) =>
        new(name, value, @default, help, example);

    public static Setting Number(string name, int @default, int least, int most, string help, string? example = null) =>
        new(name, "N", @default.ToString(), help, example) { Range = (least, most) };

    /// <summary>What is wrong with a value, in words; null when nothing is.</summary>
    internal string? Refusal(string text) =>
        IsFlag && !IsOn(text) && !IsOff(text) ? $"is on or off, not \"{text}\""
        : Range.Most != 0 && !(int.TryParse(text, out var number) && number >= Range.Least && number <= Range.Most)
            ? $"is a number from {Range.Least} to {Range.Most}, not \"{text}\""
        : null;

    internal static bool IsOn(string text) => text is "true" or "yes" or "on" or "1";

    internal static bool IsOff(string text) => text is "false" or "no" or "off" or "0";
}
