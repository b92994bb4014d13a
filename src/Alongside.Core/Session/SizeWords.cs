using Alongside.Core.Pixels;

namespace Alongside.Core.Session;

/// <summary>What became of a wish for a size, as `sized` says it (docs/protocol/session.md).</summary>
public static class SizeWords
{
    private const string Done = "done", Prohibited = "prohibited", NoMeans = "no-means", Invalid = "invalid";

    public static string Of(SizeAnswer answer) => answer switch
    {
        SizeAnswer.Done => Done,
        SizeAnswer.Prohibited => Prohibited,
        SizeAnswer.Invalid => Invalid,
        _ => NoMeans,
    };

    public static bool TryRead(string word, out SizeAnswer answer)
    {
        answer = word switch
        {
            Done => SizeAnswer.Done,
            Prohibited => SizeAnswer.Prohibited,
            Invalid => SizeAnswer.Invalid,
            _ => SizeAnswer.NoMeans,
        };
        return Of(answer) == word;
    }
}
