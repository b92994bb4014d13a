using System.Net;
using System.Text.Json;
using Alongside.Host.Room;

namespace Alongside.Host.Vnc;

/// <summary>Says where VNC viewers come in. What nobody knows yet goes to standard output, where the code is: not to the log.</summary>
internal static class VncSigns
{
    public static void Write(TextWriter output, bool json, IPEndPoint address, string? password, string? fingerprint)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(new VncLine(new(address.ToString(), password, fingerprint)), SignJson.Default.VncLine));
        }
        else
        {
            output.WriteLine($"  VNC viewers   {address}{(password is null ? "" : $"   password {password}")}");
            if (fingerprint is not null)
            {
                output.WriteLine($"  certificate   SHA-256 {fingerprint}");
            }
        }

        output.Flush();
    }
}
