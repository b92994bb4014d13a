namespace Alongside.Bench;
internal static class SyntheticVectors { public static void WriteAll(string folder) => Directory.CreateDirectory(folder); }
