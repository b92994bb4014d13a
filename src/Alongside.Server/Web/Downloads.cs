using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Alongside.Server.Web;

/// <summary>
/// The host programs this server offers: files named `alongside-host-SYSTEM` (or `.exe`) in one directory. Only names that are found there
/// are served, so no path can lead elsewhere. The directory is looked at on each request, as it may be filled later; a file is hashed once,
/// and whoever asks meanwhile waits for the same hash.
/// </summary>
public sealed partial class Downloads(ServerSettings settings)
{
    private readonly ConcurrentDictionary<(string Path, long Size, DateTime Written), Lazy<Task<string>>> hashes = new();
    private int hashed;

    /// <summary>Directory of the files.</summary>
    public string Directory => settings.Downloads;

    /// <summary>Files that were hashed. A test states that none is twice.</summary>
    public int Hashed => Volatile.Read(ref hashed);

    public async Task<IReadOnlyList<Download>> ListAsync()
    {
        var directory = new DirectoryInfo(settings.Downloads);
        return !directory.Exists ? [] : await Task.WhenAll(directory.EnumerateFiles("alongside-host-*")
            .Select(file => (File: file, Match: Name().Match(file.Name)))
            .Where(found => found.Match.Success)
            .OrderBy(found => found.File.Name, StringComparer.Ordinal)
            .Select(async found => new Download(found.Match.Groups["system"].Value, found.File.Name, found.File.Length, await HashOfAsync(found.File))));
    }

    /// <summary>The path of a file that is offered, or null.</summary>
    public string? Find(string name) =>
        Name().IsMatch(name) && Path.Combine(settings.Downloads, name) is var path && File.Exists(path) ? path : null;

    private async Task<string> HashOfAsync(FileInfo file)
    {
        var key = (Path: file.FullName, Size: file.Length, Written: file.LastWriteTimeUtc);
        var hash = hashes.GetOrAdd(key, key => new Lazy<Task<string>>(() => Task.Run(() => Hash(key.Path))));
        try
        {
            return await hash.Value;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Half copied, or not ours to read yet: whoever asks next tries again.
            hashes.TryRemove(new(key, hash));
            throw;
        }
    }

    private string Hash(string path)
    {
        Interlocked.Increment(ref hashed);
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    [GeneratedRegex(@"^alongside-host-(?<system>[a-z]{2,10}-[a-z0-9]{2,10})(\.exe)?$")]
    private static partial Regex Name();
}

/// <summary>One entry of `downloads` in `/api/server`.</summary>
/// <param name="System">`linux-x64`, `win-x64`.</param>
/// <param name="File">Its name below `/download/`.</param>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record Download(string System, string File, long Size, string Sha256);
