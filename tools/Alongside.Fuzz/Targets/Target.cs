using Alongside.Core.Wire;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets;

/// <summary>
/// Something that takes bytes from outside. A new one is a file here with a class that derives from this or from <see cref="ParserTarget"/>; it is found
/// by that alone. docs/fuzzing.md says how.
/// </summary>
/// <param name="name">As on the command line, and the folder in <c>tests/vectors/fuzz</c>.</param>
/// <param name="area">The beginning of the full names of the types whose constants are worth trying.</param>
public abstract class Target(string name, string area)
{
    public string Name { get; } = name;

    public string Area { get; } = area;

    /// <summary>Bytes of a case; longer ones are cut.</summary>
    public virtual int MaxLength => 4096;

    /// <summary>Messages are pieces of a stream, which may be cut anywhere.</summary>
    public virtual bool IsStream => false;

    /// <summary>Honest input, the more kinds of it the better.</summary>
    public abstract IEnumerable<Case> Seeds();

    /// <summary>A decoder as it is at the beginning of a connection.</summary>
    public abstract Subject Start();

    /// <summary>What a decoder may throw for what a peer did wrong; the case ends with it.</summary>
    public virtual bool IsRefusal(Exception error) => error is ProtocolException;

    /// <summary>All there are, by name.</summary>
    public static IReadOnlyList<Target> All { get; } =
        [.. typeof(Target).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(Target)))
            .Select(type => (Target)Activator.CreateInstance(type)!).OrderBy(target => target.Name, StringComparer.Ordinal)];
}

/// <summary>A decoder that is being fed.</summary>
public abstract class Subject : IDisposable
{
    /// <summary>Takes one message, or one piece of a stream.</summary>
    public abstract void Take(ReadOnlySpan<byte> message);

    /// <summary>The most managed memory that this message may make it allocate, in bytes. Asked after <see cref="Take"/>.</summary>
    public virtual long MemoryFor(ReadOnlySpan<byte> message) => 64 * 1024 + (64L * message.Length);

    /// <summary>The most edges of our code that it may pass for this message. Asked before <see cref="Take"/>.</summary>
    public virtual long StepsFor(ReadOnlySpan<byte> message) => 100_000 + (1000L * message.Length);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>A parser without a memory: every message stands alone.</summary>
public abstract class ParserTarget(string name, string area) : Target(name, area)
{
    public sealed override Subject Start() => new Parser(this);

    protected abstract void Parse(ReadOnlySpan<byte> message);

    /// <inheritdoc cref="Subject.MemoryFor"/>
    protected virtual long MemoryFor(ReadOnlySpan<byte> message) => 64 * 1024 + (64L * message.Length);

    private sealed class Parser(ParserTarget target) : Subject
    {
        public override void Take(ReadOnlySpan<byte> message) => target.Parse(message);

        public override long MemoryFor(ReadOnlySpan<byte> message) => target.MemoryFor(message);
    }
}
