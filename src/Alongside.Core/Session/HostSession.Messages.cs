using Alongside.Core.Input;
using Alongside.Core.Secure;
using Alongside.Core.Wire;

namespace Alongside.Core.Session;

/// <summary>What a viewer says, read and held to grant and rates. Anything wrong ends this session and no other.</summary>
internal sealed partial class HostSession
{
    private void HandleMessage(long now, byte channel, ReadOnlySpan<byte> bytes)
    {
        try
        {
            switch (channel)
            {
                case ChannelBudgets.Control:
                    // An answer that was asked for is no burden of theirs: a large clipboard asks for many in a second.
                    var control = ControlJson.Read(bytes);
                    if (control is ControlMessage.Pong pong && Outbox.HasPonged(now, pong.N))
                    {
                        break;
                    }

                    Require(controlRate.TryTake(now), "A viewer sent too many control messages.");
                    if (control is not null)
                    {
                        HandleControl(now, control);
                    }

                    break;
                case ChannelBudgets.Input:
                    Require(inputRate.TryTake(now), "A viewer sent too much input.");
                    var input = InputMessage.Read(bytes);
                    if (Phase == SessionPhase.Live && Grant.Control)
                    {
                        owner.Input(now, this, input);
                    }

                    break;
                case ChannelBudgets.Feedback:
                    var painted = Painted.Read(bytes);
                    if (Phase == SessionPhase.Live && Feed is not null)
                    {
                        Outbox.Pacing.HasPainted(now, painted.Sequence, painted.Micros);
                        owner.HasPainted(now, this);
                    }

                    break;
                case ChannelBudgets.Clipboard:
                    Require(clipboardRate.TryTake(now), "A viewer copied too often.");
                    var copied = ClipboardMessage.Read(bytes);
                    if (Phase == SessionPhase.Live && Grant.Clipboard)
                    {
                        owner.Copied(now, this, copied);
                    }

                    break;
                default:
                    throw new ProtocolException("A viewer spoke on a channel that is not theirs.");
            }
        }
        catch (ProtocolException wrong)
        {
            End(now, ByeReason.Protocol, wrong.Message);
        }
    }

    private void HandleControl(long now, ControlMessage control)
    {
        switch (control)
        {
            case ControlMessage.Ask ask:
                if (!Grant.View && Asked is null)
                {
                    // The name that the person is asked about stays: nobody they let in becomes somebody else.
                    Name = ask.Name;
                }

                owner.Asked(now, this, ask.Wanted);
                break;
            case ControlMessage.Ping ping:
                Say(now, new ControlMessage.Pong(ping.N));
                break;
            case ControlMessage.Pong:
                // To a ping of before a break, or of another path.
                break;
            case ControlMessage.Bye bye:
                IsHere = false;
                End(now, ByeReason.Left, $"They left: {bye.Reason}.");
                break;
            case ControlMessage.Narrow narrow when Phase == SessionPhase.Live:
                if (narrow.Of(Grant) is { View: true } less)
                {
                    Give(now, less);
                }
                else
                {
                    End(now, ByeReason.Left, "They gave everything back.");
                }

                break;
            case ControlMessage.ChooseMonitor choose when Phase == SessionPhase.Live:
                owner.MonitorChosen(now, this, choose.Id);
                break;
            case ControlMessage.Size size:
                owner.SizeAsked(now, this, size);
                break;
            case ControlMessage.Direct or ControlMessage.Candidate:
                owner.Signalled(now, this, control);
                break;
            case ControlMessage.Narrow or ControlMessage.ChooseMonitor:
                break;
            default:
                throw new ProtocolException("A viewer said what only a host says.");
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ProtocolException(otherwise);
        }
    }
}
