namespace Alongside.Bench.VncDecode;

/// <summary>What a VNC server sent to one viewer after the handshake: whole messages, pixels as 32 bits of BGRX.</summary>
/// <param name="Server">The program.</param>
/// <param name="Encoding">The only one it was offered beside copies and raw pixels.</param>
internal sealed record RecordedSession(string Server, string Encoding, int Width, int Height, byte[] Bytes);
