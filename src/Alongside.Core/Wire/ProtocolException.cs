namespace Alongside.Core.Wire;

/// <summary>
/// What a peer did wrong. Thrown by parsers and state machines on hostile or broken input, caught once a session;
/// the message is fit to be shown and logged, and holds no secret.
/// </summary>
public sealed class ProtocolException(string reason) : Exception(reason);
