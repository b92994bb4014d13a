using System.Buffers;
using Alongside.Core.Wire;

namespace Alongside.Core.Session;

/// <summary>
/// This update is on the viewer's screen.
/// <code> u8 1 painted | u32 sequence | u32 micros </code>
/// </summary>
/// <param name="Sequence">The update's.</param>
/// <param name="Micros">From the update's last byte to paint, in microseconds.</param>
public readonly record struct Painted(uint Sequence, uint Micros)
{
    private const byte Type = 1;

    public static Painted Read(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        if (reader.ReadU8() != Type)
        {
            throw new ProtocolException("A feedback message has an unknown type.");
        }

        var painted = new Painted(reader.ReadU32(), reader.ReadU32());
        reader.End();
        return painted;
    }

    public void Write(IBufferWriter<byte> output)
    {
        output.WriteU8(Type);
        output.WriteU32(Sequence);
        output.WriteU32(Micros);
    }
}
