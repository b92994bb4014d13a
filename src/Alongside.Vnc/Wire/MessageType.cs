namespace Alongside.Vnc.Wire;

/// <summary>The first byte of what a viewer sends (RFB 7.5).</summary>
internal static class ClientMessageType
{
    public const byte SetPixelFormat = 0;
    public const byte FixColourMapEntries = 1;
    public const byte SetEncodings = 2;
    public const byte FramebufferUpdateRequest = 3;
    public const byte KeyEvent = 4;
    public const byte PointerEvent = 5;
    public const byte ClientCutText = 6;
    public const byte EnableContinuousUpdates = 150;
    public const byte Fence = 248;
    public const byte Xvp = 250;
    public const byte SetDesktopSize = 251;
    public const byte Qemu = 255;
}

/// <summary>The first byte of what a server sends (RFB 7.6).</summary>
internal static class ServerMessageType
{
    public const byte FramebufferUpdate = 0;
    public const byte SetColourMapEntries = 1;
    public const byte Bell = 2;
    public const byte ServerCutText = 3;
    public const byte EndOfContinuousUpdates = 150;
    public const byte Fence = 248;
    public const byte Xvp = 250;
}
