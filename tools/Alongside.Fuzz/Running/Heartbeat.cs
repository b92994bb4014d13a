using System.IO.MemoryMappedFiles;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Running;

/// <summary>
/// What a worker is doing, where its driver sees it even after the worker has died: a file in memory of both.
/// <code>
/// i64 runs | i32 length | the case that is being run, as a file
/// </code>
/// </summary>
internal sealed class Heartbeat : IDisposable
{
    private const int Size = 1 << 20;
    private const int Head = 12;

    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private long runs;

    private Heartbeat(MemoryMappedFile file)
    {
        this.file = file;
        view = file.CreateViewAccessor(0, Size);
    }

    public long Runs => view.ReadInt64(0);

    public static Heartbeat Create(string path)
    {
        using (var made = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            made.SetLength(Size);
        }

        return Open(path);
    }

    public static Heartbeat Open(string path) => new(MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, Size));

    /// <summary>This case is about to be run.</summary>
    public void Begin(Case given)
    {
        byte[] bytes = given.ToFile();
        int length = Math.Min(bytes.Length, Size - Head);
        view.Write(8, length);
        view.WriteArray(Head, bytes, 0, length);
        view.Write(0, ++runs);
    }

    public Case Last()
    {
        byte[] bytes = new byte[Math.Clamp(view.ReadInt32(8), 0, Size - Head)];
        view.ReadArray(Head, bytes, 0, bytes.Length);
        return Case.Read(bytes);
    }

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }
}
