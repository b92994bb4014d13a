namespace Alongside.Core.Secure;

/// <summary>
/// The credentials a host accepts, shared by all its peers. The host looks up what the viewer names, whoever opened the room.
/// Called from inside <see cref="SecurePeer.Handle"/> and <see cref="SecurePeer.Tick"/>, on the peer's own thread.
/// </summary>
public interface ICredentialBook
{
    /// <summary>The credential that may be tried now, or null: unknown, lapsed, spent. The viewer is told the same for all.</summary>
    Credential? Find(CredentialKind kind, string place);

    /// <summary>The answer (0x11) is going out: a code is spent from now, <see cref="Find"/> must not return it again.</summary>
    void Attempted(CredentialKind kind, string place);

    /// <summary>
    /// The attempt is over. Not <paramref name="good"/>: wrong confirmation, silence or replaced by a newer attempt; for a code the
    /// person is told and gets a new one, a link or resume stays as it is. A resume is good only when the first record under the new keys has opened: until then the
    /// viewer may not have them and may come back with the old ones.
    /// </summary>
    void Finished(CredentialKind kind, string place, bool good);
}
