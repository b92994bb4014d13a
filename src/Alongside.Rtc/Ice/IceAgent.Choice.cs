namespace Alongside.Rtc.Ice;

// Which of the pairs that work carries data: named by who leads, followed by the other; watched, left when it dies, and left for a better one only when that is
// clearly better. Times in microseconds.
public sealed partial class IceAgent
{
    /// <summary>A better pair that is still being tried is waited for so long, once there is a direct one, or one that works at all.</summary>
    private const long PatienceDirect = 150_000;
    private const long PatienceRelayed = 800_000;

    /// <summary>What a path by way of a TURN server counts more: another's bandwidth, and another that can fail.</summary>
    private const long RelayedCosts = 200_000;

    /// <summary>A path is left for another that is faster by as much, and by a fifth.</summary>
    private const long Hysteresis = 10_000;

    /// <summary>The selected path is asked so often while data flows, and so often otherwise; after an unanswered question, so often.</summary>
    private const long BusyEvery = 400_000;
    private const long IdleEvery = 2_500_000;
    private const long DoubtEvery = 200_000;

    /// <summary>Data that left so long ago no longer makes it urgent.</summary>
    private const long DataCounts = 1_000_000;

    /// <summary>So long without an answer: what matters should go another way. With a peer that sends checks and answers none, so long without one of its own.</summary>
    private const long Suspicion = 1_200_000;
    private const long SuspicionWithoutAnswers = 8_000_000;

    /// <summary>So long without anything: the peer no longer consents (RFC 7675).</summary>
    private const long Consent = 30_000_000;

    /// <summary>Paths in reserve are asked so often, the best few of them: they stay open, and are known to work when they are needed.</summary>
    private const long ReserveEvery = 10_000_000;
    private const int Reserves = 4;

    /// <summary>A lower pair the peer names replaces a higher one not before the higher one has been unnamed so long: Firefox names all it tries.</summary>
    private const long NamedCounts = 2_000_000;

    private uint nomination;
    private uint lastNomination;
    private long firstValidAt;
    private long lastData = long.MinValue / 2;

    /// <summary>Why there is no direct path.</summary>
    public IceTrouble Trouble =>
        selected is not null
            ? State == IceState.Disconnected ? IceTrouble.PathDied : selected.IsRelayed ? IceTrouble.OnlyRelayed : IceTrouble.None
            : generation.Remotes.Count == 0 ? IceTrouble.NoRemoteCandidates
            : generation.Pairs.Count == 0 ? IceTrouble.NothingToPair
            : generation.Pairs.Exists(pair => pair.Failure == PairFailure.ConsentExpired) ? IceTrouble.PathDied
            : generation.Pairs.TrueForAll(pair => pair is { WentUnanswered: false, State: not PairState.Failed }) ? IceTrouble.StillChecking
            : generation.Pairs.Exists(pair => pair.RequestsHeard > 0) ? IceTrouble.OneWay
            : IceTrouble.NothingHeard;

    private bool IsDoubtful(long now) => selected is { } pair && IsDoubtful(pair, now);

    private bool IsDoubtful(IcePair pair, long now) =>
        options.IsLite ? now - pair.LastHeard >= SuspicionWithoutAnswers
        : pair.Unanswered > 0 && now - pair.UnansweredSince >= (pair.AnswersNoLonger ? SuspicionWithoutAnswers : Suspicion);

    /// <summary>Who leads names the best pair, once nothing better is likely to come; then again whenever another is clearly better.</summary>
    private void Choose(long now)
    {
        IcePair? best = null;

        // When the path in use is in doubt, only who has answered since then is known to be better: a reserve may have died with it.
        long since = IsDoubtful(now) ? selected!.UnansweredSince : 0;
        foreach (var pair in generation.Pairs)
        {
            if (pair.IsValid && !IsDoubtful(pair, now) && pair.AnsweredAt >= since && (best is null || IsBetter(pair, best)))
            {
                best = pair;
            }
        }

        if (best is null || best == selected)
        {
            return;
        }

        bool needsNew = selected is null || selected.Generation != generation || IsDoubtful(now);
        if (!IsControlling)
        {
            // Any pair that works may carry data before one is named, and when the named one is dead.
            if (selected is null || IsDoubtful(now))
            {
                Select(now, best);
            }

            return;
        }

        if (best.IsNominating || (selected is null && now < PatienceEnds(best)))
        {
            return;
        }

        if (needsNew || Cost(best) + Hysteresis + (Cost(selected!) / 5) < Cost(selected!))
        {
            foreach (var other in generation.Pairs)
            {
                other.IsNominating = false;
            }

            nomination++;
            best.IsNominating = true;
            Check(now, best, nominates: true);
        }
    }

    /// <summary>Until when something better than the best is waited for; not at all when nothing better is on its way.</summary>
    private long PatienceEnds(IcePair best) =>
        !generation.Pairs.Exists(pair => pair.State is PairState.Waiting or PairState.InProgress && !pair.WasRefused && pair.Priority > best.Priority && pair.Unanswered < 4)
            ? 0
            : firstValidAt + (best.IsRelayed ? PatienceRelayed : PatienceDirect);

    private static long Cost(IcePair pair) => pair.RoundTrip + (pair.IsRelayed ? RelayedCosts : 0);

    private static bool IsBetter(IcePair a, IcePair b) => Math.Abs(Cost(a) - Cost(b)) <= Hysteresis ? a.Priority > b.Priority : Cost(a) < Cost(b);

    /// <summary>The peer leads, and has named a pair.</summary>
    private void Nominated(long now, IcePair pair, uint number)
    {
        if (number != 0 && number < lastNomination)
        {
            return;
        }

        lastNomination = Math.Max(number, lastNomination);
        bool isNumbered = number != 0;
        bool wins = selected is null || !selected.IsNominated || selected == pair || isNumbered || pair.Priority > selected.Priority
            || now - selected.NominatedAt >= NamedCounts || selected.Generation != generation;
        pair.NominatedAt = now;
        if (!wins)
        {
            return;
        }

        pair.IsNominated = true;
        if (pair.IsValid)
        {
            Follow(now, pair);
        }
    }

    private void Follow(long now, IcePair pair)
    {
        if (selected != pair)
        {
            if (selected is not null)
            {
                selected.IsNominated = false;
            }

            Select(now, pair);
        }
    }

    private void Select(long now, IcePair pair)
    {
        selected = pair;
        if (pair.Generation == generation)
        {
            before = null;
        }

        pair.Due = now;
        events.Enqueue(new IceEvent.Selected(pair.Report(isSelected: true)));
    }

    /// <summary>Asks the paths that work whether they still do.</summary>
    private void Watch(long now)
    {
        IcePair? expired = null;
        foreach (var pair in AllPairs())
        {
            if (!pair.IsValid)
            {
                continue;
            }

            if (now - pair.LastHeard >= Consent)
            {
                expired = pair;
            }
            else if (!options.IsLite && now >= WatchDue(pair))
            {
                Check(now, pair, pair.IsNominating);
            }
        }

        if (expired is not null)
        {
            Fail(now, expired, PairFailure.ConsentExpired);
            Watch(now);
        }
    }

    private long WatchDue(IcePair pair)
    {
        if (pair.IsNominating)
        {
            return pair.LastSent + Math.Max(DoubtEvery, 2 * pair.RoundTrip);
        }

        if (pair == selected)
        {
            bool isDoubted = pair.Unanswered > 0 && !pair.AnswersNoLonger;
            long every = isDoubted ? Math.Max(DoubtEvery, pair.RoundTrip * 3 / 2) : lastData > pair.LastSent - DataCounts ? BusyEvery : IdleEvery;

            // A path that has been silent for long is asked less and less eagerly.
            return pair.LastSent + (isDoubted && pair.Unanswered > 20 ? 1_000_000 : every);
        }

        if (selected is not null && IsDoubtful(selected, Math.Max(pair.LastSent, selected.LastSent)))
        {
            return pair.LastSent + DoubtEvery;
        }

        return pair.LastSent + (IsInReserve(pair) ? pair.Unanswered > 0 ? 1_000_000 : ReserveEvery : Consent);
    }

    private bool IsInReserve(IcePair pair)
    {
        int better = 0;
        foreach (var other in generation.Pairs)
        {
            better += other.IsValid && other.Priority > pair.Priority ? 1 : 0;
        }

        return better <= Reserves;
    }

    private void Decide(long now)
    {
        var state =
            selected is not null ? IsDoubtful(now) ? IceState.Disconnected : IceState.Connected
            : generation.Remote is null ? IceState.New
            : generation.Pairs.Exists(pair => pair.State != PairState.Failed) ? IceState.Checking
            : now - startedAt < Patient && State != IceState.Failed ? IceState.Checking
            : IceState.Failed;
        if (state != State)
        {
            State = state;
            events.Enqueue(new IceEvent.StateChanged(state));
        }
    }

    /// <summary>With nothing left to try, more candidates may still come.</summary>
    private const long Patient = 15_000_000;

    private long DecisionDue(long now)
    {
        long next = long.MaxValue;
        if (State == IceState.Checking)
        {
            next = startedAt + Patient > now ? startedAt + Patient : long.MaxValue;
        }

        if (selected is { Unanswered: > 0 } pair && State == IceState.Connected)
        {
            next = Math.Min(next, pair.UnansweredSince + (pair.AnswersNoLonger ? SuspicionWithoutAnswers : Suspicion));
        }

        if (IsControlling && firstValidAt > 0 && selected is null)
        {
            long direct = firstValidAt + PatienceDirect;
            next = Math.Min(next, direct > now ? direct : firstValidAt + PatienceRelayed > now ? firstValidAt + PatienceRelayed : long.MaxValue);
        }

        return next;
    }
}
