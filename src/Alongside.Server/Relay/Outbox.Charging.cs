namespace Alongside.Server.Relay;

/// <summary>Who answers for what waits here, when there is too much of it everywhere.</summary>
public sealed partial class Outbox
{
    /// <summary>
    /// Adds what waits here to who is to answer for it. A receiver answers for what waits of one sender, the one that sent it most: so it is with whoever reads too slowly. What more senders
    /// have here is theirs: however slow a receiver is, together they are more than it was given a window for.
    /// </summary>
    public void Charge(RelaySocket receiver, Dictionary<RelaySocket, int> charged)
    {
        lock (gate)
        {
            var most = flows.MaxBy(flow => flow.Messages.Blocks);
            var others = 0;
            foreach (var flow in flows)
            {
                if (flow != most && flow.Messages.Blocks > 0 && charged.ContainsKey(flow.From))
                {
                    charged[flow.From] += flow.Messages.Blocks;
                    others += flow.Messages.Blocks;
                }
            }

            charged[receiver] += receiver.Blocks - others;
        }
    }

    /// <summary>Its sender was dropped: what waits of it is forgotten.</summary>
    public void Forget(RelaySocket sender)
    {
        lock (gate)
        {
            if (flows.Find(flow => flow.From == sender) is { } flow)
            {
                flow.Closed = true;
                flow.Messages.Clear();
                flow.Underway = 0;
            }
        }
    }
}
