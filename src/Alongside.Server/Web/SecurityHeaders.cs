namespace Alongside.Server.Web;

/// <summary>What every answer says about how it may be used. The pages run no inline script and load nothing from elsewhere.</summary>
public static class SecurityHeaders
{
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
        + "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>A year. Not for a self-made certificate: a browser that has once been told so lets nobody go past its warning.</summary>
    private const string OnlyTls = "max-age=31536000";

    public static void UseSecurityHeaders(this IApplicationBuilder app, ServerSettings settings) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        if (context.Request.IsHttps && !settings.SelfMadeTls)
        {
            headers.StrictTransportSecurity = OnlyTls;
        }

        // What is offered may be another tomorrow. Pages say for themselves what holds for longer.
        headers.CacheControl = "no-cache";
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), usb=(), serial=(), payment=()";
        return next(context);
    });
}
