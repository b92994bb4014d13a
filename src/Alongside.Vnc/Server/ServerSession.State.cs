using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Encodings;
using Alongside.Vnc.Extensions;
using Alongside.Vnc.Pixels;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Server;

/// <summary>What a viewer asks for, and what it is told beside pixels: size, pointer, name, and which extensions are understood.</summary>
public sealed partial class ServerSession
{
    private void WishesChanged(ViewerWishes before)
    {
        owesSize |= wishes.ExtendedDesktopSize && !before.ExtendedDesktopSize;
        owesCursor |= (wishes.Cursor && !before.Cursor) || (wishes.CursorWithAlpha && !before.CursorWithAlpha);
        owesPointer &= wishes.PointerPosition || wishes.VmwarePointer;
        owesAcks |= (wishes.QemuKeys && !before.QemuKeys) || (wishes.ExtendedButtons && !before.ExtendedButtons) || (wishes.DesktopName && !before.DesktopName);
    }

    private void Request(PixelRect area, bool incremental)
    {
        area = area.Intersect(picture!.Bounds);
        if (area.IsEmpty)
        {
            // A viewer may ask for nothing to hear of the pointer alone.
            area = new(0, 0, 1, 1);
        }

        wanted = wanted is { } before ? before.Union(area) : area;
        if (!incremental)
        {
            owesSize |= wishes.ExtendedDesktopSize;
            unknown.Add(area, picture.Bounds);
        }
    }

    private void EnableContinuous(bool enable, PixelRect area)
    {
        if (!wishes.ContinuousUpdates)
        {
            throw new ProtocolException("A viewer enabled continuous updates without naming them.");
        }

        if (enable)
        {
            continuous = area.Intersect(picture!.Bounds) is { IsEmpty: false } inside ? inside : new PixelRect(0, 0, 1, 1);
        }
        else if (continuous is not null)
        {
            continuous = null;
            output.WriteU8(ServerMessageType.EndOfContinuousUpdates);
        }
    }

    /// <summary>What became of the size the viewer asked for. A new layout is told before (<see cref="SetDesktop"/>).</summary>
    public void SizeAnswered(SizeAnswer answer) => owesAnswer = wishes.ExtendedDesktopSize ? answer : null;

    /// <summary>What nobody could have is answered here; for the rest the newest wish counts.</summary>
    private void AskForSize(int width, int height)
    {
        if (!Frame.IsValidSize(width, height))
        {
            wantedSize = null;
            SizeAnswered(SizeAnswer.Invalid);
        }
        else if (wishes.ExtendedDesktopSize)
        {
            wantedSize = (width, height);
        }
    }

    /// <summary>The size goes alone, in an update of its own. True when it changed: what was asked for before meant another picture.</summary>
    private bool TryWriteSize(UpdateWriter update)
    {
        if (!owesSize && owesAnswer is null)
        {
            return false;
        }

        bool changes = IsOtherSize && (wishes.ExtendedDesktopSize || wishes.DesktopSize);
        var answer = wishes.ExtendedDesktopSize ? owesAnswer : null;
        if (answer is { } refusal and not SizeAnswer.Done)
        {
            // Viewers take nothing else from a refusal, so that a size that changed for another reason goes behind it.
            update.Begin();
            DesktopRect.WriteExtended(update, layout!, DesktopRect.ByViewer, refusal);
            update.End();
        }

        if (owesSize || changes || answer == SizeAnswer.Done)
        {
            update.Begin();
            if (wishes.ExtendedDesktopSize)
            {
                DesktopRect.WriteExtended(update, layout!, answer == SizeAnswer.Done ? DesktopRect.ByViewer : DesktopRect.ByServer, SizeAnswer.Done);
            }
            else if (changes)
            {
                DesktopRect.WriteSize(update, layout!);
            }

            update.End();
        }

        owesSize = false;
        owesAnswer = null;
        if (!changes)
        {
            return false;
        }

        NewPicture(layout!);
        wanted = null;
        continuous = continuous is null ? null : picture!.Bounds;
        return true;
    }

    private void WriteState(UpdateWriter update)
    {
        if (owesCursor)
        {
            owesCursor = false;
            if (wishes.CursorWithAlpha)
            {
                CursorRect.WriteAlpha(update, cursor);
            }
            else
            {
                CursorRect.WriteMasked(update, cursor, new PixelPacker(format));
            }
        }

        if (owesPointer)
        {
            owesPointer = false;
            var at = new PixelRect(Math.Clamp(pointer.X, 0, picture!.Width - 1), Math.Clamp(pointer.Y, 0, picture.Height - 1), 0, 0);
            update.Rect(at, wishes.VmwarePointer ? EncodingNumber.VmwarePointerPosition : EncodingNumber.PointerPosition);
        }

        if (!owesAcks)
        {
            return;
        }

        owesAcks = false;
        if (wishes.QemuKeys)
        {
            update.Rect(default, EncodingNumber.QemuExtendedKey);
        }

        if (wishes.ExtendedButtons)
        {
            update.Rect(default, EncodingNumber.ExtendedMouseButtons);
        }

        if (wishes.DesktopName)
        {
            update.Rect(default, EncodingNumber.DesktopName);
            WriteText(options.Name);
        }
    }

    /// <summary>u8 1 | u8 0 | u16 first | u16 count | each: u16 red | u16 green | u16 blue (RFB 7.6.2)</summary>
    private void WriteColourMap()
    {
        if (format.TrueColour)
        {
            return;
        }

        output.WriteU32((uint)ServerMessageType.SetColourMapEntries << 24);
        output.WriteU16(ColourMap.Size);
        for (int i = 0; i < ColourMap.Size; i++)
        {
            uint colour = ColourMap.Fixed[(byte)i];
            output.WriteU16((int)(colour >> 16) * 257);
            output.WriteU16((int)(byte)(colour >> 8) * 257);
            output.WriteU16((int)(byte)colour * 257);
        }
    }
}
