using Alongside.Core.Pixels;

namespace Alongside.Bench.Props;

/// <summary>
/// A film made for measuring: the camera pans and zooms over drawn landscapes, cuts every four seconds, two things fly through it. Each frame
/// carries its number (<see cref="Barcode"/>). Frame n is the same whenever it is drawn.
/// </summary>
internal sealed class Clip(int width, int height)
{
    public const int FramesPerSecond = 30;
    public const int FramesPerShot = 120;
    private readonly Frame[] photos = [.. Enumerable.Range(0, 3).Select(seed => Photo.Draw(width * 3 / 2, height * 3 / 2, 40 + seed))];

    public void Draw(int number, Frame frame)
    {
        var photo = photos[number / FramesPerShot % photos.Length];
        double t = number % FramesPerShot / (double)FramesPerShot;
        double zoom = 0.75 + (0.25 * Math.Sin((t * 3) + (number / FramesPerShot)));
        double left = (photo.Width - (width * zoom)) * (0.5 + (0.45 * Math.Sin((t * 2.2) + number / FramesPerShot)));
        double top = (photo.Height - (height * zoom)) * (0.5 + (0.45 * Math.Cos(t * 2.6)));
        Parallel.For(0, height, y => DrawRow(photo, frame.Row(y), left, top + (y * zoom), zoom));
        Fly(frame, number, 0.11, 0xe8c24a);
        Fly(frame, number + 47, 0.07, 0x3a5fc8);
        Barcode.Draw(frame, number);
    }

    private static void DrawRow(Frame photo, Span<uint> row, double left, double at, double zoom)
    {
        int y = Math.Clamp((int)at, 0, photo.Height - 2), down = (int)((at - (int)at) * 256);
        var upper = photo.Row(y);
        var lower = photo.Row(y + 1);
        for (int x = 0; x < row.Length; x++)
        {
            double from = left + (x * zoom);
            int c = Math.Clamp((int)from, 0, photo.Width - 2), right = (int)((from - (int)from) * 256);
            uint pixel = 0;
            for (int shift = 0; shift <= 16; shift += 8)
            {
                int a = (int)((upper[c] >> shift) & 255), b = (int)((upper[c + 1] >> shift) & 255);
                int d = (int)((lower[c] >> shift) & 255), e = (int)((lower[c + 1] >> shift) & 255);
                int high = (a << 8) + ((b - a) * right), low = (d << 8) + ((e - d) * right);
                pixel |= (uint)(((high << 8) + ((low - high) * down)) >> 16) << shift;
            }

            row[x] = pixel;
        }
    }

    /// <summary>A disc on a wide curve, shaded.</summary>
    private void Fly(Frame frame, int number, double size, uint colour)
    {
        double t = number / 38.0, radius = size * height;
        double middleX = width * (0.5 + (0.42 * Math.Sin(t))), middleY = height * (0.5 + (0.3 * Math.Sin((t * 1.7) + 1)));
        for (int y = Math.Max(0, (int)(middleY - radius)); y < Math.Min(height, middleY + radius); y++)
        {
            var row = frame.Row(y);
            for (int x = Math.Max(0, (int)(middleX - radius)); x < Math.Min(width, middleX + radius); x++)
            {
                double dx = (x - middleX) / radius, dy = (y - middleY) / radius, far = (dx * dx) + (dy * dy);
                if (far < 1)
                {
                    double light = Math.Clamp(0.35 + (0.65 * Math.Sqrt(1 - far)) - ((dx + dy) * 0.2), 0, 1);
                    row[x] = ((uint)(((colour >> 16) & 255) * light) << 16) | ((uint)(((colour >> 8) & 255) * light) << 8) | (uint)((colour & 255) * light);
                }
            }
        }
    }
}
