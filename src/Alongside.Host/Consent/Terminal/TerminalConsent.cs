using Alongside.Core.Session;

namespace Alongside.Host.Consent.Terminal;

/// <summary>
/// The same by text, for a terminal without a desktop: a question a power, and "s" to stop. A line typed before a question came up
/// does not answer it.
/// </summary>
public sealed class TerminalConsent : IConsent
{
    private readonly TextReader input;
    private readonly TextWriter output;
    private readonly Texts texts = Texts.Current();
    private readonly Lock gate = new();
    private readonly List<Pending> questions = [];
    private volatile int asking;
    private bool anyone;

    /// <param name="input">What the person types; null for standard input.</param>
    /// <param name="output">What they read; null for standard error, so that standard output stays for programs.</param>
    public TerminalConsent(TextReader? input = null, TextWriter? output = null)
    {
        this.input = input ?? Console.In;
        this.output = TextWriter.Synchronized(output ?? Console.Error);
        new Thread(Listen) { IsBackground = true, Name = "terminal" }.Start();
    }

    public event Action? StopPressed;

    /// <summary>The terminal takes everything away at once, with Stop; nothing less.</summary>
    public event Action<int, Grant>? Narrowed
    {
        add { }
        remove { }
    }

    public bool IsAsking => asking > 0;

    public Task<Grant> AskAsync(ConsentQuestion question, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(question);
        var pending = new Pending(question);
        lock (gate)
        {
            questions.Add(pending);
            asking = questions.Count;
            if (questions.Count == 1)
            {
                Put(pending);
            }
        }

        pending.Cancelling = cancel.Register(() =>
        {
            output.WriteLine();
            output.WriteLine(texts.TerminalWithdrawn);
            Close(pending);
            pending.Answer.TrySetCanceled(cancel);
        });
        return pending.Answer.Task;
    }

    public void ShowGuests(IReadOnlyList<ConsentGuest> guests)
    {
        ArgumentNullException.ThrowIfNull(guests);
        if (guests.Count > 0)
        {
            output.WriteLine($"{texts.Present(guests)}. {texts.TerminalStop}");
        }
        else if (anyone)
        {
            output.WriteLine(texts.TerminalAlone);
        }

        anyone = guests.Count > 0;
    }

    public void ShowCode(ShownCode? code)
    {
        if (code is not null)
        {
            output.WriteLine($"{texts.ReadDigits}:\n\n    {Texts.Group(code.Digits)}\n\n    {code.Link}\n\n{texts.CodeExplained}");
        }
    }

    public void Say(string text) => output.WriteLine(text);

    public bool Covers(int x, int y) => IsAsking;

    public void Dispose()
    {
        Pending[] open;
        lock (gate)
        {
            open = [.. questions];
            questions.Clear();
            asking = 0;
        }

        foreach (var pending in open)
        {
            pending.Answer.TrySetResult(pending.Question.Has);
            pending.Cancelling.Dispose();
        }
    }

    private void Listen()
    {
        while (input.ReadLine() is { } line)
        {
            Hear(line.Trim());
        }
    }

    private void Hear(string line)
    {
        Pending? answered = null;
        lock (gate)
        {
            if (questions.FirstOrDefault() is { } pending)
            {
                pending.Take(line.Length > 0 && (char.ToLowerInvariant(line[0]) == texts.Yes || char.ToLowerInvariant(line[0]) == 'y'));
                if (pending.Next is null)
                {
                    answered = pending;
                }
                else
                {
                    PutNext(pending);
                }
            }
        }

        if (answered is not null)
        {
            Close(answered);
            answered.Answer.TrySetResult(answered.Given);
            answered.Cancelling.Dispose();
        }
        else if (line is "s" or "S")
        {
            StopPressed?.Invoke();
        }
    }

    private void Close(Pending pending)
    {
        lock (gate)
        {
            bool front = questions.Count > 0 && questions[0] == pending;
            questions.Remove(pending);
            asking = questions.Count;
            if (front && questions.Count > 0)
            {
                Put(questions[0]);
            }
        }
    }

    private void Put(Pending pending)
    {
        output.WriteLine();
        output.WriteLine(texts.Wants(pending.Question));
        output.WriteLine(texts.From(pending.Question));
        output.WriteLine(texts.Scam);
        PutNext(pending);
    }

    private void PutNext(Pending pending)
    {
        output.Write(Texts.Format(texts.TerminalAllow, pending.Next switch
        {
            Power.View => texts.View,
            Power.Control => texts.Control,
            _ => texts.Clipboard,
        }));
        output.Flush();
    }

    private enum Power
    {
        View = 0,
        Control,
        Clipboard,
    }

    private sealed class Pending
    {
        private readonly Queue<Power> left = new();

        public Pending(ConsentQuestion question)
        {
            Question = question;
            Given = question.Has;
            Add(Power.View, question.Asked.View && !question.Has.View);
            Add(Power.Control, question.Asked.Control && !question.Has.Control);
            Add(Power.Clipboard, question.Asked.Clipboard && !question.Has.Clipboard);
        }

        public ConsentQuestion Question { get; }

        public TaskCompletionSource<Grant> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationTokenRegistration Cancelling { get; set; }

        public Grant Given { get; private set; }

        public Power? Next => left.TryPeek(out var power) ? power : null;

        public void Take(bool yes)
        {
            if (left.TryDequeue(out var power) && yes)
            {
                Given = power switch
                {
                    Power.View => Given with { View = true },
                    Power.Control => Given with { Control = true },
                    _ => Given with { Clipboard = true },
                };
            }

            // Who may not see is not asked about anything else.
            if (!Given.View)
            {
                left.Clear();
            }
        }

        private void Add(Power power, bool asked)
        {
            if (asked)
            {
                left.Enqueue(power);
            }
        }
    }
}
