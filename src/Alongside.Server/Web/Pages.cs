using System.IO.Compression;
using System.Security.Cryptography;
using Alongside.Server.Health;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Alongside.Server.Web;

/// <summary>
/// The built pages, read once at the start: they are small, nothing outside them can be asked for by any path, and the compressed
/// forms are ready (`.br` and `.gz` beside a file are used, otherwise made here).
/// </summary>
public sealed class Pages
{
    /// <summary>Addresses inside the page's program. All are the same file.</summary>
    private static readonly string[] Routes = ["/", "/join", "/help", "/check", "/gallery"];

    private static readonly Dictionary<string, string> Types = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".json"] = "application/json",
        [".webmanifest"] = "application/manifest+json",
        [".svg"] = "image/svg+xml",
        [".txt"] = "text/plain; charset=utf-8",
        [".wasm"] = "application/wasm",
        [".png"] = "image/png",
        [".ico"] = "image/x-icon",
        [".woff2"] = "font/woff2",
    };

    private readonly Dictionary<string, Page> pages = [];

    public Pages(ServerSettings settings, ILogger<Pages> log)
    {
        var root = settings.Web;
        if (!File.Exists(Path.Combine(root, "index.html")))
        {
            log.NoPages(root);
            return;
        }

        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            if (Types.TryGetValue(Path.GetExtension(file), out var type))
            {
                pages["/" + Path.GetRelativePath(root, file).Replace('\\', '/')] = Page.Read(file, type);
            }
        }

        foreach (var route in Routes)
        {
            pages[route] = pages["/index.html"];
        }
    }

    public Results<FileContentHttpResult, ContentHttpResult, StatusCodeHttpResult> Serve(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (!pages.TryGetValue(path, out var page))
        {
            return TypedResults.Content(pages.Count == 0
                ? "This server has no pages. Build them (npm run build in web/) and name their directory with --web.\n"
                : "There is nothing at this address.\n", "text/plain", statusCode: StatusCodes.Status404NotFound);
        }

        var headers = context.Response.Headers;
        // The builder puts a hash of the content into these names.
        headers.CacheControl = path.StartsWith("/assets/", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = "Accept-Encoding";
        var accepted = context.Request.Headers.AcceptEncoding.ToString();
        var (bytes, encoding) = page.Brotli is not null && accepted.Contains("br", StringComparison.Ordinal) ? (page.Brotli, "br")
            : page.Gzip is not null && accepted.Contains("gzip", StringComparison.Ordinal) ? (page.Gzip, "gzip")
            : (page.Bytes, null);
        if (encoding is not null)
        {
            headers.ContentEncoding = encoding;
        }

        return TypedResults.File(bytes, page.Type, entityTag: new EntityTagHeaderValue($"\"{page.Tag}{encoding}\""));
    }

    private sealed record Page(byte[] Bytes, byte[]? Brotli, byte[]? Gzip, string Type, string Tag)
    {
        public static Page Read(string file, string type)
        {
            var bytes = File.ReadAllBytes(file);
            var squeezes = type.StartsWith("text/", StringComparison.Ordinal) || type.Contains("json", StringComparison.Ordinal)
                || type is "image/svg+xml" or "application/wasm";
            return new Page(
                bytes,
                squeezes ? Beside(file, ".br") ?? Squeeze(bytes, to => new BrotliStream(to, CompressionLevel.Optimal)) : null,
                squeezes ? Beside(file, ".gz") ?? Squeeze(bytes, to => new GZipStream(to, CompressionLevel.Optimal)) : null,
                type,
                Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8)));
        }

        private static byte[]? Beside(string file, string ending) => File.Exists(file + ending) ? File.ReadAllBytes(file + ending) : null;

        private static byte[] Squeeze(byte[] bytes, Func<Stream, Stream> compress)
        {
            using var output = new MemoryStream();
            using (var stream = compress(output))
            {
                stream.Write(bytes);
            }

            return output.ToArray();
        }
    }
}
