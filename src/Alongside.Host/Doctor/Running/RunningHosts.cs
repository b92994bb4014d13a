using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;

namespace Alongside.Host.Doctor.Running;

/// <summary>Asks every host of this user that runs on this machine what it does (<see cref="RunningSocket"/>). Takes away what killed hosts left.</summary>
internal static class RunningHosts
{
    /// <summary>Of one folder.</summary>
    private const int MostSockets = 64;

    private const int MostBytes = 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>In the order of their processes.</summary>
    public static async Task<HostReport[]> AskAsync(IOwnPlaces places, CancellationToken cancel)
    {
        var answers = await Task.WhenAll(places.Folders(make: false).SelectMany(SocketsIn).Select(path => AskAsync(places, path, cancel)));
        return [.. answers.OfType<HostReport>().OrderBy(host => host.Process)];
    }

    /// <summary>Takes away sockets at which nobody listens.</summary>
    public static void Tidy(string folder)
    {
        foreach (string path in SocketsIn(folder))
        {
            using var socket = NewSocket();
            try
            {
                // A socket of this machine connects at once, or not at all; one whose queue is full is listened at.
                socket.Blocking = false;
                socket.Connect(new UnixDomainSocketEndPoint(path));
            }
            catch (SocketException dead) when (dead.SocketErrorCode == SocketError.ConnectionRefused)
            {
                TakeAway(path);
            }
            catch (Exception other) when (other is SocketException or ArgumentException)
            {
                // It is not ours to judge.
            }
        }
    }

    private static string[] SocketsIn(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, $"*{RunningSocket.Ending}").Take(MostSockets)];
        }
        catch (Exception away) when (away is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Null: nobody is there.</summary>
    private static async Task<HostReport?> AskAsync(IOwnPlaces places, string path, CancellationToken cancel)
    {
        string name = Path.GetFileName(path);
        _ = int.TryParse(name.AsSpan(0, Math.Max(0, name.IndexOf('.', StringComparison.Ordinal))), CultureInfo.InvariantCulture, out int process);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        using var socket = NewSocket();
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), patience.Token);
            if (!places.IsOurs(socket))
            {
                return null;
            }

            await socket.SendAsync("report\n"u8.ToArray(), patience.Token);
            byte[] document = await ReadAsync(socket, patience.Token);
            return document.Length == 0 ? Silent(process) : JsonSerializer.Deserialize(document, RunningJson.Default.HostReport) is { } said ? said with { Process = process } : Silent(process);
        }
        catch (SocketException dead) when (dead.SocketErrorCode == SocketError.ConnectionRefused)
        {
            TakeAway(path);
            return null;
        }
        catch (SocketException gone) when (gone.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.ConnectionReset)
        {
            // It ended while it was asked.
            return null;
        }
        catch (SocketException full) when (full.SocketErrorCode is SocketError.WouldBlock or SocketError.TryAgain)
        {
            return Silent(process);
        }
        catch (Exception wrong) when (wrong is SocketException or ArgumentException)
        {
            return null;
        }
        catch (JsonException)
        {
            return new() { Process = process, Trouble = "it is a host of another version, and what it says is not understood." };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Silent(process);
        }
    }

    private static HostReport Silent(int process) => new() { Process = process, Trouble = "it runs, and does not answer. It is very busy, or stuck." };

    private static async Task<byte[]> ReadAsync(Socket socket, CancellationToken cancel)
    {
        var document = new MemoryStream();
        byte[] piece = new byte[16 * 1024];
        int length;
        while ((length = await socket.ReceiveAsync(piece, cancel)) > 0)
        {
            document.Write(piece, 0, length);
            if (document.Length > MostBytes)
            {
                throw new JsonException("The answer is longer than any is.");
            }
        }

        return document.ToArray();
    }

    public static void TakeAway(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // Then it stays, and is found dead again.
        }
    }

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
}
