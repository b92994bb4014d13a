namespace Alongside.Core.Secure;

/// <summary>
/// How many handshakes a host works on at once, shared by its peers. Who comes back to a session has places apart: newcomers, of whom anybody can be one, cannot take
/// them. Not thread-safe: the peers of a host live on one thread.
/// </summary>
public sealed class HandshakeLimit(int newcomers = HandshakeLimit.Newcomers, int resumes = HandshakeLimit.Resumes)
{
    public const int Newcomers = 16;
    public const int Resumes = 8;

    private int unfinishedNew, unfinishedResumes;

    public int Unfinished => unfinishedNew + unfinishedResumes;

    internal bool TryEnter(CredentialKind kind)
    {
        ref int unfinished = ref Of(kind, out int most);
        if (unfinished >= most)
        {
            return false;
        }

        unfinished++;
        return true;
    }

    internal void Leave(CredentialKind kind) => Of(kind, out _)--;

    private ref int Of(CredentialKind kind, out int most)
    {
        most = kind == CredentialKind.Resume ? resumes : newcomers;
        return ref kind == CredentialKind.Resume ? ref unfinishedResumes : ref unfinishedNew;
    }
}
