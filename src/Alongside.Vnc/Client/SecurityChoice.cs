using Alongside.Vnc.Security;

namespace Alongside.Vnc.Client;

/// <summary>How the connection is kept from others.</summary>
internal enum Protection
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>TLS with nobody's certificate: who listens learns nothing, who stands between can.</summary>
    Anonymous,

    /// <summary>TLS with a certificate that the driver checks.</summary>
    Certificate,
}

/// <summary>What the client shows of itself.</summary>
internal enum Proof
{
    None = 0,
    Vnc,
    Plain,
}

/// <summary>Chooses the kind of security that protects most among those a server offers and the client has the means for.</summary>
internal sealed class SecurityChoice(RfbClientOptions options)
{
    private const string NotKnown =
        "A certificate or key is named for the VNC server, and nothing that it offers shows one (X509None, X509Vnc, X509Plain or RSA-AES would): "
        + "it can't be told from somebody who stands between.";

    /// <summary>Best first. A password under TLS before none: who asks for one has a reason.</summary>
    private static readonly (uint Type, Protection Protection, Proof Proof)[] WithinVeNCrypt =
    [
        (VeNCryptType.X509Plain, Protection.Certificate, Proof.Plain),
        (VeNCryptType.X509Vnc, Protection.Certificate, Proof.Vnc),
        (VeNCryptType.X509None, Protection.Certificate, Proof.None),
        (VeNCryptType.TlsPlain, Protection.Anonymous, Proof.Plain),
        (VeNCryptType.TlsVnc, Protection.Anonymous, Proof.Vnc),
        (VeNCryptType.TlsNone, Protection.Anonymous, Proof.None),
        (VeNCryptType.Plain, Protection.None, Proof.Plain),
    ];

    /// <summary>The type to name to the server; 0 when there is none.</summary>
    public byte Choose(ReadOnlySpan<byte> offered) => Choose(offered, !options.AvoidsVeNCrypt);

    /// <summary>The same with VeNCrypt, or of what is beside it.</summary>
    public byte Choose(ReadOnlySpan<byte> offered, bool withVeNCrypt)
    {
        // VeNCrypt may turn out to hold nothing but a password in the clear; that is judged when its list is there.
        // RSA-AES wants a password of everybody; its second form protects that alone.
        ReadOnlySpan<byte> best =
        [
            SecurityType.VeNCrypt, SecurityType.RsaAes256, SecurityType.RsaAes, SecurityType.RsaAes256Unencrypted, SecurityType.RsaAesUnencrypted,
            SecurityType.VncAuth, SecurityType.None,
        ];
        foreach (byte type in best)
        {
            if (offered.Contains(type) && (type != SecurityType.VeNCrypt || withVeNCrypt) && IsKnown(type) && CanProve(type))
            {
                return type;
            }
        }

        return SecurityType.Invalid;
    }

    /// <summary>The same within VeNCrypt; type 0 when there is none.</summary>
    public (uint Type, Protection Protection, Proof Proof) Choose(ReadOnlySpan<uint> offered)
    {
        foreach (var kind in WithinVeNCrypt)
        {
            if (offered.Contains(kind.Type) && (kind.Protection == Protection.Certificate || !options.WantsKnownServer) && CanProve(kind.Proof) && MaySay(kind.Protection, kind.Proof))
            {
                return kind;
            }
        }

        return default;
    }

    /// <summary>Why nothing was chosen, in words for the person who configured this.</summary>
    public string Refusal(ReadOnlySpan<byte> offered) =>
        options.WantsKnownServer && !offered.ContainsAny(SecurityType.VeNCrypt, SecurityType.RsaAes, SecurityType.RsaAes256) ? NotKnown : Missing();

    /// <summary>The same within VeNCrypt.</summary>
    public string Refusal(ReadOnlySpan<uint> offered) =>
        options.WantsKnownServer && !offered.ContainsAny(VeNCryptType.X509None, VeNCryptType.X509Vnc, VeNCryptType.X509Plain) ? NotKnown : Missing(offered);

    /// <summary>What we would have to bring.</summary>
    public string Missing(ReadOnlySpan<uint> offered = default) =>
        options.Password is null ? "The VNC server wants a password, and none was given."
        : offered.Contains(VeNCryptType.TlsPlain) && options.User is not null
            ? "The VNC server would have the password without showing a certificate, so that whoever stands between could read it. "
                + "Give it a certificate (X509Plain), or reach it by a tunnel on this machine; with --source-trust any, it is sent nevertheless."
        : offered.Contains(VeNCryptType.Plain) && options.User is not null ? "The VNC server would have the password sent in the clear. Reach it by a tunnel on this machine, or give it TLS."
        : options.User is null ? "The VNC server wants a user name beside the password, or a kind of security that is not known here."
        : "The VNC server offers no kind of security that is known here.";

    /// <summary>Whether the server, if it has to be known, can be by this. What VeNCrypt holds is judged when its list is there.</summary>
    private bool IsKnown(byte type) => !options.WantsKnownServer || type is SecurityType.VeNCrypt or SecurityType.RsaAes or SecurityType.RsaAes256;

    /// <summary>A password said as it is wants a server that is known, or the word of whoever configured this.</summary>
    private bool MaySay(Protection protection, Proof proof) => proof != Proof.Plain || protection switch
    {
        Protection.Certificate => true,
        Protection.Anonymous => options.AllowUnverifiedServer,
        _ => options.AllowCleartextPassword,
    };

    private bool CanProve(byte type) => type switch
    {
        SecurityType.VeNCrypt or SecurityType.None => true,
        SecurityType.VncAuth => options.Password is not null,
        _ => options is { Password: not null, NewKey: not null, Random: not null },
    };

    private bool CanProve(Proof proof) => proof switch
    {
        Proof.Plain => options is { User: not null, Password: not null },
        Proof.Vnc => options.Password is not null,
        _ => true,
    };
}
