using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Alongside.Server.Web;

/// <summary>
/// The host programs this server offers: files named `alongside-host-SYSTEM` (or `.exe`) in one directory. Only names that are found there
/// are served, so no path can lead elsewhere. The directory is looked at on each request, as it may be filled later; a file is hashed once.
/// </summary>
public sealed partial class Downloads(ServerSettings settings)
{
    private readonly ConcurrentDictionary<(string Path, long Size, DateTime Written), string> hashes = new();

    /// <summary>Directory of the files.</summary>
    public string Directory => settings.Downloads;

    public IReadOnlyList<Download> List()
    {
        var directory = new DirectoryInfo(settings.Downloads);
        return !directory.Exists ? [] : [.. directory.EnumerateFiles("alongside-host-*")
            .Select(file => (File: file, Match: Name().Match(file.Name)))
            .Where(found => found.Match.Success)
            .OrderBy(found => found.File.Name, StringComparer.Ordinal)
            .Select(found => new Download(found.Match.Groups["system"].Value, found.File.Name, found.File.Length, HashOf(found.File)))];
    }

    /// <summary>The path of a file that is offered, or null.</summary>
    public string? Find(string name) =>
        Name().IsMatch(name) && Path.Combine(settings.Downloads, name) is var path && File.Exists(path) ? path : null;

    private string HashOf(FileInfo file) => hashes.GetOrAdd((file.FullName, file.Length, file.LastWriteTimeUtc), static key =>
    {
        using var stream = File.OpenRead(key.Path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    });

    [GeneratedRegex(@"^alongside-host-(?<system>[a-z]{2,10}-[a-z0-9]{2,10})(\.exe)?$")]
    private static partial Regex Name();
}

/// <summary>One entry of `downloads` in `/api/server`.</summary>
/// <param name="System">`linux-x64`, `win-x64`.</param>
/// <param name="File">Its name below `/download/`.</param>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record Download(string System, string File, long Size, string Sha256);
