namespace FastGrad.Optimization.Options;

/// <summary>Answers to an unknown name: the known ones, and the nearest if it is near.</summary>
public static class Nearest
{
    /// <summary>The known name of least edit distance to <paramref name="name"/>, if at most half of its letters differ; else null.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(known);
        string? nearest = null;
        int least = int.MaxValue;
        foreach (string candidate in known)
        {
            int distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < least && 2 * distance <= Math.Max(name.Length, candidate.Length))
                (nearest, least) = (candidate, distance);
        }
        return nearest;
    }

    // More names than this hide the suggestion that precedes them.
    private const int MostListed = 64;

    /// <summary><c>Did you mean 'x'? Known: a, b, x.</c> Where one is near, more than 64 known names are not listed.</summary>
    public static string Suggest(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        string[] names = [.. known];
        string list = names.Length == 0 ? "None is known." : $"Known: {string.Join(", ", names)}.";
        return Find(name, names) is not { } nearest ? list
            : names.Length > MostListed ? $"Did you mean '{nearest}'?"
            : $"Did you mean '{nearest}'? {list}";
    }

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours from one to the other (Damerau 1964, each place edited once).</summary>
    private static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }
                int substituted = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(substituted, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
