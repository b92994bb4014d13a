using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Ice;

// Which pair is checked when, and what an answer means (RFC 8445, 6.1.4 and 7.2.5). Each try is a transaction of its own.
public sealed partial class IceAgent
{
    /// <summary>Waits between the tries of a pair, in microseconds; about eleven seconds in all. Both sides try at the same time, which is what opens NATs.</summary>
    private static readonly long[] Waits = [250_000, 400_000, 600_000, 1_000_000, 1_000_000, 1_500_000, 2_000_000, 2_000_000, 2_000_000];

    private readonly Queue<IcePair> triggered = new();
    private long pacing;
    private long nextPace;
    private long retriedAt;

    /// <summary>To be called at <see cref="NextTimeout"/>; earlier does no harm.</summary>
    public void HandleTimeout(long now) => Update(now);

    /// <summary>Does all that is due, decides, and says when it wants to be called next. Ends every public call.</summary>
    private void Update(long now)
    {
        if (!options.IsLite)
        {
            Expire(now);
            Pace(now);
            Choose(now);
        }

        Watch(now);
        Decide(now);
        NextTimeout = options.IsLite ? (selected is null ? long.MaxValue : now + 1_000_000) : Math.Max(now + 1, NextDue(now));
    }

    /// <summary>One new check every Ta: triggered ones first, then the likeliest.</summary>
    private void Pace(long now)
    {
        if (generation.Remote is null)
        {
            return;
        }

        if (HasNothingDirect && now - retriedAt >= options.RetryEvery)
        {
            retriedAt = now;
            foreach (var pair in generation.Pairs.Where(pair => pair is { State: PairState.Failed, Failure: not PairFailure.LocalGone }))
            {
                pair.Reset();
            }
        }

        while (now >= nextPace && NextCheck(now) is { } pair)
        {
            Check(now, pair, nominates: pair.IsNominating);
            nextPace = now + pacing;
        }
    }

    private bool HasNothingDirect => State != IceState.Connected || selected is null or { IsRelayed: true };

    private IcePair? NextCheck(long now)
    {
        while (triggered.TryDequeue(out var first))
        {
            first.IsTriggered = false;
            if (first.Generation == generation && first.State != PairState.Failed)
            {
                return first;
            }
        }

        IcePair? best = null;
        foreach (var pair in generation.Pairs)
        {
            bool isDue = pair.State == PairState.Waiting || (pair.State == PairState.InProgress && now >= pair.Due);
            if (isDue && (best is null || (pair.State == PairState.Waiting) == (best.State == PairState.Waiting) ? pair.Priority > (best?.Priority ?? 0) : pair.State == PairState.InProgress))
            {
                best = pair;
            }
        }

        return best;
    }

    /// <summary>Pairs that have had all their tries have failed.</summary>
    private void Expire(long now)
    {
        foreach (var pair in generation.Pairs)
        {
            if (pair.State == PairState.InProgress && pair.Unanswered >= Waits.Length && now >= pair.Due)
            {
                Fail(now, pair, pair.WasRefused ? PairFailure.Unreachable : PairFailure.NoAnswer);
            }
        }
    }

    private void Check(long now, IcePair pair, bool nominates)
    {
        var g = pair.Generation;
        var packet = output.Reserve(256 + g.CheckName.Length);
        if (g.Remote is null || packet.IsEmpty)
        {
            return;
        }

        var id = TransactionId.New(random);
        var writer = new StunWriter(packet, StunMethod.Binding, StunClass.Request, id);
        writer.Write(StunAttribute.Username, g.CheckName);
        writer.WriteU64(IsControlling ? StunAttribute.IceControlling : StunAttribute.IceControlled, tieBreaker);

        // What a peer-reflexive candidate found by this check would have (7.1.1).
        writer.WriteU32(StunAttribute.Priority, (pair.Local.Priority & 0x00FF_FFFF) | (pair.IsRelayed ? 0u : 110u << 24));
        if (nominates && IsControlling)
        {
            writer.Write(StunAttribute.UseCandidate, []);
            writer.WriteU32(StunAttribute.Nomination, nomination);
        }

        writer.WriteIntegrity(g.RemoteKey);
        writer.WriteFingerprint();
        output.Commit((pair.BaseId, pair.Remote.Address), writer.Length);
        if (pair.State == PairState.Waiting)
        {
            pair.State = PairState.InProgress;
        }

        pair.Due = now + (pair.State == PairState.InProgress ? Waits[Math.Min(pair.Unanswered, Waits.Length - 1)] : 0);
        pair.Sent(now, id, nominates && IsControlling, IsControlling);
    }

    private void HandleAnswer(long now, int baseId, TransportAddress from, in StunMessage message)
    {
        if (FindAsked(baseId, from, message.TransactionId, out var answered) is not { } pair)
        {
            // Also an answer from elsewhere than was asked (7.2.5.2.1): not one.
            return;
        }

        if (!message.IsIntact(pair.Generation.RemoteKey))
        {
            refused++;
            return;
        }

        if (message.Class == StunClass.Error)
        {
            _ = message.TryReadError(out int code);
            if (code == StunError.RoleConflict)
            {
                SwitchRole(toControlling: !answered.AsControlling);
                pair.Reset();
                Trigger(pair);
            }
            else if (!pair.IsValid)
            {
                Fail(now, pair, PairFailure.Refused);
            }

            return;
        }

        pair.Answered(now, answered.At);
        if (message.TryReadXorAddress(StunAttribute.XorMappedAddress, out var mapped))
        {
            LearnMapped(pair, mapped);
        }

        if (!pair.IsValid)
        {
            pair.State = PairState.Succeeded;
            pair.Failure = PairFailure.None;
            pair.Due = now;
            firstValidAt = firstValidAt == 0 ? now : firstValidAt;
        }

        if (answered.Nominates && pair.IsNominating)
        {
            pair.IsNominating = false;
            Select(now, pair);
        }
        else if (!IsControlling && pair.IsNominated)
        {
            Follow(now, pair);
        }
    }

    /// <summary>The peer sees the base under an address nobody told us: a NAT that gives each destination another (7.2.5.3.1).</summary>
    private void LearnMapped(IcePair pair, TransportAddress mapped)
    {
        if (pair.Local.Address == mapped || pair.Local.Type == CandidateType.Relayed)
        {
            return;
        }

        var known = locals.Find(local => local.BaseId == pair.BaseId && local.Candidate.Address == mapped)?.Candidate;
        pair.Local = known ?? new(
            Foundation(CandidateType.PeerReflexive, pair.Local.Transport, pair.BaseId), pair.Local.Transport, (pair.Local.Priority & 0x00FF_FFFF) | (110u << 24), mapped,
            CandidateType.PeerReflexive, locals.Find(local => local.BaseId == pair.BaseId)?.Candidate.Address);
    }

    /// <summary>The pair whose check this answers. After a restart there may be two over the same path.</summary>
    private IcePair? FindAsked(int baseId, TransportAddress from, TransactionId id, out IcePair.Try answered)
    {
        if (generation.ByPath.TryGetValue((baseId, from), out var pair) && pair.TryAnswer(id, out answered))
        {
            return pair;
        }

        answered = default;
        return before is not null && before.ByPath.TryGetValue((baseId, from), out var old) && old.TryAnswer(id, out answered) ? old : null;
    }

    private void Trigger(IcePair pair)
    {
        if (!pair.IsTriggered)
        {
            pair.IsTriggered = true;
            triggered.Enqueue(pair);
        }
    }

    private void Fail(long now, IcePair pair, PairFailure why)
    {
        pair.State = PairState.Failed;
        pair.Failure = why;
        pair.IsNominating = pair.IsNominated = false;
        if (pair == selected)
        {
            selected = null;
            if (pair.Generation == before)
            {
                before = null;
            }
        }

        if (why == PairFailure.LocalGone)
        {
            pair.Generation.Remove(pair);
        }

        retriedAt = now;
    }

    private void SwitchRole(bool toControlling)
    {
        if (IsControlling == toControlling)
        {
            return;
        }

        IsControlling = toControlling;
        foreach (var pair in generation.Pairs)
        {
            pair.Priority = PriorityOf(pair);
            pair.IsNominating = false;
        }
    }

    private long NextDue(long now)
    {
        long next = DecisionDue(now);
        bool isWaiting = triggered.Count > 0;
        foreach (var pair in generation.Pairs)
        {
            isWaiting |= pair.State == PairState.Waiting;
            if (pair.State == PairState.InProgress)
            {
                next = Math.Min(next, Math.Max(pair.Due, nextPace));
            }
            else if (pair.State == PairState.Succeeded)
            {
                next = Math.Min(next, WatchDue(pair));
            }
            else if (pair.State == PairState.Failed && HasNothingDirect)
            {
                next = Math.Min(next, retriedAt + options.RetryEvery);
            }
        }

        if (before is not null && selected?.Generation == before)
        {
            next = Math.Min(next, WatchDue(selected));
        }

        return generation.Remote is not null && isWaiting ? Math.Min(next, nextPace) : next;
    }
}
