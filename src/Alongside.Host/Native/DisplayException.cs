namespace Alongside.Host.Native;

/// <summary>This machine's display can't be used, in words for the person who started the program.</summary>
public sealed class DisplayException(string message) : Exception(message);
