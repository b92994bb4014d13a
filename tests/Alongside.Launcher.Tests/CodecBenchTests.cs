using System.Diagnostics;
using System.Text.Json;

namespace Alongside.Launcher.Tests;

/// <summary>The measuring program itself, as its users call it.</summary>
public sealed class CodecBenchTests
{
    private const int Width = 160;
    private const int Height = 96;

    [Fact]
    public async Task Exactly_every_picture_equals_its_frame()
    {
        var report = await MeasureAsync(Clip(frames: 6), "--fps", "25");

        Assert.Equal("exact", report.GetProperty("mode").GetString());
        Assert.True(report.GetProperty("exact").GetBoolean());
        Assert.Equal(6, report.GetProperty("frames").GetInt32());
        Assert.Equal(5, report.GetProperty("changedFrames").GetInt32());
        Assert.InRange(report.GetProperty("firstFrameBytes").GetInt32(), 1, Width * Height * 4);
        Assert.True(report.GetProperty("bytesPerChangedFrame") is var bytes && bytes.GetProperty("mean").GetDouble() > 0
            && bytes.GetProperty("p50").GetDouble() <= bytes.GetProperty("p95").GetDouble());
        Assert.True(report.GetProperty("encodeCpuMsPerChangedFrame").GetProperty("p95").GetDouble() > 0);
        Assert.True(report.GetProperty("decodeMsPerChangedFrame").GetProperty("mean").GetDouble() > 0);
        Assert.True(report.GetProperty("allocatedBytesPerFrame").GetInt64() >= 0);
        Assert.False(report.TryGetProperty("psnr", out _));
    }

    [Fact]
    public async Task On_a_thin_line_pictures_come_near_at_first_and_are_exact_in_the_end()
    {
        var report = await MeasureAsync(Clip(frames: 6), "--mode", "auto", "--rate", "0.8");

        Assert.True(report.GetProperty("exact").GetBoolean());
        Assert.True(report.GetProperty("psnr").GetProperty("min").GetDouble() is > 5 and < 90);
        Assert.True(report.GetProperty("start").GetProperty("bytes").GetInt64() > 0);
        Assert.True(report.GetProperty("convergence").GetProperty("updates").GetInt32() > 0);
        Assert.InRange(report.GetProperty("convergence").GetProperty("ms").GetDouble(), 1, 60_000);
    }

    [Theory]
    [InlineData("--size", "0x9", "-")]
    [InlineData("--size", "160x96", "--fps", "0", "-")]
    [InlineData("--size", "160x96", "--mode", "nearly", "-")]
    [InlineData("--size", "160x96", "/nowhere/clip.bgrx")]
    public async Task What_cannot_be_measured_is_said_in_words(params string[] arguments)
    {
        var (code, output, words) = await RunAsync([], arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.NotEmpty(words);
    }

    /// <summary>Colours that no palette holds, all of them others in every frame, beside a plain half.</summary>
    private static byte[] Clip(int frames)
    {
        byte[] clip = new byte[frames * Width * Height * 4];
        uint state = 1;
        for (int i = 0; i < clip.Length; i += 4)
        {
            state = (state * 1664525) + 1013904223;
            bool plain = i / 4 % Width < Width / 2;
            (clip[i], clip[i + 1], clip[i + 2]) = plain ? ((byte)90, (byte)90, (byte)90) : ((byte)(state >> 24), (byte)(state >> 16), (byte)(state >> 9));
        }

        return clip;
    }

    private static async Task<JsonElement> MeasureAsync(byte[] clip, params string[] arguments)
    {
        var (code, output, words) = await RunAsync(clip, ["--size", $"{Width}x{Height}", .. arguments, "-"]);
        Assert.True(code == 0, words);
        return JsonDocument.Parse(output).RootElement;
    }

    private static async Task<(int Code, string Output, string Words)> RunAsync(byte[] input, string[] arguments)
    {
        var info = new ProcessStartInfo(Program()) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["codec", .. arguments])
        {
            info.ArgumentList.Add(argument);
        }

        using var bench = Process.Start(info)!;
        var output = bench.StandardOutput.ReadToEndAsync();
        var words = bench.StandardError.ReadToEndAsync();
        if (input.Length > 0)
        {
            await bench.StandardInput.BaseStream.WriteAsync(input);
        }

        bench.StandardInput.Close();
        await bench.WaitForExitAsync();
        return (bench.ExitCode, await output, await words);
    }

    private static string Program()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Alongside.slnx")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The tests do not lie in the project.");
        }

        return Path.Combine(root, "bench/Alongside.Bench/bin/Release/net10.0/alongside-bench");
    }
}
