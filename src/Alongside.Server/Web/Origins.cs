namespace Alongside.Server.Web;

/// <summary>
/// Which pages may open a socket: those this server has served. A browser says in `Origin` whose page it is; programs that are
/// not browsers send none, and could send anything.
/// </summary>
public static class Origins
{
    private const int LongestLogged = 100;

    public static bool IsOwn(HttpRequest request, string? publicUrl)
    {
        var origins = request.Headers.Origin;
        if (origins.Count == 0)
        {
            return true;
        }

        var origin = origins.Count == 1 ? origins[0] : null;
        return origin is not null
            && (string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
                || string.Equals(origin, publicUrl, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The origin as far as it can be written into a log: printable ASCII, not too long.</summary>
    public static string ForLog(HttpRequest request) =>
        string.Concat(request.Headers.Origin.ToString().Take(LongestLogged).Select(letter => letter is > ' ' and < '\x7f' ? letter : '?'));

    /// <summary>The address this server was asked under, or its public one. Only letters that mean nothing to a shell or a page; otherwise null.</summary>
    public static string? Base(HttpRequest request, string? publicUrl)
    {
        var url = publicUrl ?? $"{request.Scheme}://{request.Host}";
        return request.Host.HasValue && url.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is ':' or '/' or '.' or '-' or '[' or ']' or '_') ? url : null;
    }
}
