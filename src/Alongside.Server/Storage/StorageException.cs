namespace Alongside.Server.Storage;

/// <summary>The database cannot do its part; in words for an operator, and fit for a participant.</summary>
public sealed class StorageException(string reason, Exception? inner = null) : Exception(reason, inner);
