using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Core.Session;

namespace Alongside.Testing.Simulation;

/// <summary>
/// Knows every picture that any encoder of a room has meant, and holds what viewers see against them: after each update it must be one of these
/// pixel for pixel, but where the encoder knows that it is only near, and none that is older than the one before. What is torn, half
/// applied, or out of order is none of them.
/// </summary>
internal sealed class Eyewitness
{
    /// <summary>Whoever sees what is older than so many pictures has it from nowhere.</summary>
    private const int Kept = 4_096;

    private readonly List<State> states = [];
    private readonly Dictionary<ushort, long> seen = [];
    private long dropped;

    public Eyewitness(HostRoom room) => room.Feed.Witness = encoder => Keep(encoder);

    public long Updates { get; private set; }

    /// <exception cref="SimulationException">The picture is none that there was.</exception>
    public void See(ushort viewer, Frame picture)
    {
        Updates++;
        for (long i = Math.Max(dropped, seen.GetValueOrDefault(viewer)); i < dropped + states.Count; i++)
        {
            if (states[(int)(i - dropped)].IsShownBy(picture))
            {
                seen[viewer] = i;
                return;
            }
        }

        throw new SimulationException($"viewer {viewer} sees a picture of {picture.Width} x {picture.Height} that there never was");
    }

    private void Keep(UpdateEncoder encoder)
    {
        if (states.Count == Kept)
        {
            states.RemoveRange(0, Kept / 2);
            dropped += Kept / 2;
        }

        states.Add(new(encoder.Reference, encoder.Exactness));
    }

    private sealed class State
    {
        private readonly int width;
        private readonly uint[] pixels;
        private readonly ExactnessMap? inexact;

        public State(Frame reference, ExactnessMap? exactness)
        {
            width = reference.Width;
            pixels = reference.Pixels.ToArray();
            if (exactness is { Debt: > 0 })
            {
                inexact = new(reference.Width, reference.Height);
                inexact.Add(exactness);
            }
        }

        public bool IsShownBy(Frame picture)
        {
            var shown = picture.Pixels;
            if (picture.Width != width || shown.Length != pixels.Length)
            {
                return false;
            }

            for (int i = 0; i < pixels.Length; i++)
            {
                if (((pixels[i] ^ shown[i]) & 0xFFFFFF) != 0 && inexact?.IsExact(new(i % width, i / width, 1, 1)) != false)
                {
                    return false;
                }
            }

            return true;
        }
    }
}

/// <summary>A run came out wrong.</summary>
public sealed class SimulationException(string what, Exception? inner = null) : Exception(what, inner);
