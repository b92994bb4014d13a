namespace Alongside.Core.Session;

/// <summary>Somebody about whom the person at the desktop may be asked, whatever they speak.</summary>
internal interface IAskingGuest
{
    int Number { get; }

    bool HasEnded { get; }

    /// <summary>What they may do now.</summary>
    Grant Grant { get; }

    /// <summary>What they asked for; null: nothing is open.</summary>
    Grant? Asked { get; }

    /// <summary>Until then a further question is answered with what they have.</summary>
    long AskAgainAt { set; }

    GuestQuestion Question { get; }

    /// <summary>The person is being asked.</summary>
    void IsBeingAsked(long now);

    void Give(long now, Grant grant);
}
