using System.Text;
using Alongside.Core.Secure;

namespace Alongside.Fuzz.Targets.Secure;

/// <summary>Two peers who know the same link, with random bytes that are always the same.</summary>
internal static class Peers
{
    private static readonly ushort[] Capabilities = [1, 2, 3];

    private static readonly Credential Shared = new(CredentialKind.Link, "EBESExQVFhcYGRobHB0eHw", Encoding.ASCII.GetBytes("AAECAwQFBgcICQoLDA0ODw"));

    public static SecurePeer Viewer() => SecurePeer.Viewer(Shared, Capabilities, new Counting());

    public static SecurePeer Host() => SecurePeer.Host(new Book(), Capabilities, new Counting());

    /// <summary>The next payload of a peer, null when there is none.</summary>
    public static byte[]? Next(SecurePeer peer) => peer.TryPollPayload(out var payload) ? payload.ToArray() : null;

    public static void Drain(SecurePeer peer)
    {
        while (peer.TryPollEvent(out _))
        {
        }
    }

    private sealed class Book : ICredentialBook
    {
        public Credential? Find(CredentialKind kind, string place) => kind == Shared.Kind && place == Shared.Place ? Shared : null;

        public void Attempted(CredentialKind kind, string place)
        {
        }

        public void Finished(CredentialKind kind, string place, bool good)
        {
        }
    }

    private sealed class Counting : IRandomSource
    {
        private byte next;

        public void Fill(Span<byte> bytes)
        {
            foreach (ref byte each in bytes)
            {
                each = ++next;
            }
        }
    }
}
