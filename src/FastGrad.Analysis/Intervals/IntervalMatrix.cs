namespace FastGrad.Analysis.Intervals;

/// <summary>Symmetric matrices whose entries are intervals.</summary>
internal static class IntervalMatrix
{
    /// <summary>Whether every symmetric matrix within is positive semidefinite, by elimination A = LDLᵀ with intervals.</summary>
    /// <remarks>
    /// A pivot must be certainly positive, or certainly 0 with a column that is certainly 0. "No" means that this proof does not succeed.
    /// Rows may be exchanged: the largest lower end is eliminated first.
    /// </remarks>
    /// <param name="a">n × n in row-major order; only a copy is changed.</param>
    /// <param name="n">The matrix's order.</param>
    public static bool IsPositiveSemidefinite(ReadOnlySpan<Interval> a, int n)
    {
        Interval[] m = a.ToArray();
        List<int> left = [.. Enumerable.Range(0, n)];
        while (left.Count > 0)
        {
            int p = left.MaxBy(i => m[i * n + i].Low);
            left.Remove(p);
            Interval pivot = m[p * n + p];
            if (pivot.Low <= 0)
            {
                // The largest is not positive: all that is left must vanish, up to what is certainly 0.
                if (pivot is not { Low: 0 } || left.Any(j => m[p * n + j] is not { Low: 0, High: 0 }))
                    return false;
                continue;
            }
            foreach (int i in left)
                foreach (int j in left)
                {
                    if (m[i * n + p] is { Low: 0, High: 0 } || m[p * n + j] is { Low: 0, High: 0 })
                        continue;
                    Interval product = i == j ? m[i * n + p].Square() : m[i * n + p] * m[p * n + j];
                    m[i * n + j] -= product / pivot;
                }
        }
        return true;
    }
}
