using System.Globalization;

namespace Alongside.Bench;

/// <summary>An option of a measurement that is a number, such as <c>--sessions 200</c>.</summary>
internal static class NumberOption
{
    public static int Of(string[] args, string name, int otherwise)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }
}
