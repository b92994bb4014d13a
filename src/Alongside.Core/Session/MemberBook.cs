using Alongside.Core.Secure;

namespace Alongside.Core.Session;

/// <summary>The host's book as one member opens it: whoever tried the code and failed is known by that.</summary>
internal sealed class MemberBook(ICredentialBook book, Action codeFailed) : ICredentialBook
{
    public Credential? Find(CredentialKind kind, string place) => book.Find(kind, place);

    public void Attempted(CredentialKind kind, string place) => book.Attempted(kind, place);

    public void Finished(CredentialKind kind, string place, bool good)
    {
        book.Finished(kind, place, good);
        if (kind == CredentialKind.Code && !good)
        {
            codeFailed();
        }
    }
}
