namespace Alongside.Server.Tests.Running;

/// <summary>Tests that measure the whole process, and so run when no other does.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;
