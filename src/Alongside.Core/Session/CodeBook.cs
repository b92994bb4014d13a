using Alongside.Core.Secure;

namespace Alongside.Core.Session;

/// <summary>
/// The credentials a host takes: the code it shows (or was given), the link, and what each session left for coming back. A code
/// takes one attempt; a link the room's life; a resume two minutes after the break. Never prints a secret.
/// </summary>
public sealed class CodeBook : ICredentialBook
{
    /// <summary>How long a session waits for a viewer that broke off, in microseconds.</summary>
    public const long ResumeTime = 120_000_000;

    private readonly Dictionary<string, Resume> resumes = [];
    private long clock;

    /// <summary>The code that can be tried now; null: none, or spent.</summary>
    public Credential? Code { get; private set; }

    public Credential? Link { get; private set; }

    /// <summary>The one attempt with the code is over; false: it was wrong, or the other side fell silent. Who shows it makes a new one.</summary>
    public event Action<bool>? CodeFinished;

    /// <summary>Resumes that are kept.</summary>
    internal int Count => resumes.Count;

    public void SetCode(Credential? code) => Code = code;

    public void SetLink(Credential? link) => Link = link;

    /// <summary>The time by which resumes lapse.</summary>
    internal void Tick(long now)
    {
        clock = now;
        foreach (var (place, resume) in resumes)
        {
            if (resume.Until <= now)
            {
                // A dictionary may lose entries while it is walked.
                resumes.Remove(place);
            }
        }
    }

    /// <summary>A session lives, and may be resumed as long as it does.</summary>
    internal void Keep(Credential resume) => resumes[resume.Place] = new(resume, long.MaxValue);

    /// <summary>The session broke off: two minutes from now.</summary>
    internal void Lapse(long now, string place)
    {
        if (resumes.TryGetValue(place, out var resume) && resume.Until == long.MaxValue)
        {
            resumes[place] = resume with { Until = now + ResumeTime };
        }
    }

    /// <summary>The session is over.</summary>
    internal void Drop(string place) => resumes.Remove(place);

    Credential? ICredentialBook.Find(CredentialKind kind, string place) => kind switch
    {
        CredentialKind.Code => Code?.Place == place ? Code : null,
        CredentialKind.Link => Link?.Place == place ? Link : null,
        CredentialKind.Resume => resumes.TryGetValue(place, out var resume) && resume.Until > clock ? resume.Credential : null,
        _ => null,
    };

    void ICredentialBook.Attempted(CredentialKind kind, string place)
    {
        if (kind == CredentialKind.Code && Code?.Place == place)
        {
            Code = null;
        }
    }

    void ICredentialBook.Finished(CredentialKind kind, string place, bool good)
    {
        if (kind == CredentialKind.Code)
        {
            CodeFinished?.Invoke(good);
        }
        else if (kind == CredentialKind.Resume && good)
        {
            resumes.Remove(place);
        }
    }

    private sealed record Resume(Credential Credential, long Until);
}
