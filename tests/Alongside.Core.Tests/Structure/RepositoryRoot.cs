namespace Alongside.Core.Tests.Structure;

/// <summary>The folder this checkout is in, found from where the test runs.</summary>
internal static class RepositoryRoot
{
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Alongside.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Alongside.slnx was not found above the test's folder.");
    }
}
