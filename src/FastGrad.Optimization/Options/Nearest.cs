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

    /// <summary><c>Did you mean 'x'? Known: a, b, x.</c></summary>
    public static string Suggest(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        string[] names = [.. known];
        string list = names.Length == 0 ? "None is known." : $"Known: {string.Join(", ", names)}.";
        return Find(name, names) is { } nearest ? $"Did you mean '{nearest}'? {list}" : list;
    }

    /// <summary>The Levenshtein distance: insertions, deletions and substitutions from one to the other.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
