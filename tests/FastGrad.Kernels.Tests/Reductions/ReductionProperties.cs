using FastGrad.Kernels.Reductions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace FastGrad.Kernels.Tests.Reductions;

/// <summary>Laws of reductions over random spans, magnitudes spread over the format.</summary>
public sealed class ReductionProperties
{
    /// <summary>The order changes the rounding alone: two orders differ by at most twice the bound.</summary>
    [Property(MaxTest = 200)]
    public bool Order_costs_no_more_than_the_bound(PositiveInt count, int seed)
    {
        float[] x = Spread(count.Get * 41 % 9000, seed), shuffled = (float[])x.Clone(), sorted = (float[])x.Clone();
        new System.Random(seed).Shuffle(shuffled);
        Array.Sort(sorted);
        double bound = 2 * (39 + 2) * Math.Pow(2, -24) * 1.0001 * x.Sum(v => Math.Abs((double)v));
        double sum = Sum.Of<float>(x), exact = x.Sum(v => (double)v);
        return Math.Abs(sum - Sum.Of<float>(shuffled)) <= bound && Math.Abs(sum - Sum.Of<float>(sorted)) <= bound && Math.Abs(sum - exact) <= bound / 2;
    }

    /// <summary>Powers of two scale a sum without rounding.</summary>
    [Property(MaxTest = 200)]
    public bool Sums_are_homogeneous(PositiveInt count, int seed)
    {
        float[] x = Spread(count.Get * 37 % 5000, seed), scaled = Array.ConvertAll(x, v => v * -8);
        return Sum.Of<float>(scaled) == Sum.Of<float>(x) * -8
            && Dot.Of<float>(scaled, x) == SumOfSquares.Of<float>(x) * -8
            && MaxAbs.Of<float>(scaled) == MaxAbs.Of<float>(x) * 8
            && Max.Of<float>(scaled) == Min.Of<float>(x) * -8;
    }

    /// <summary>The rows of a transposed matrix are its columns: extrema agree exactly, sums within their bounds.</summary>
    [Property(MaxTest = 100)]
    public bool Rows_and_columns_agree(PositiveInt first, PositiveInt second, int seed)
    {
        int rows = 1 + first.Get * 13 % 150, columns = 2 + second.Get * 17 % 150;
        float[] x = Spread(rows * columns, seed), transposed = new float[x.Length];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                transposed[c * rows + r] = x[r * columns + c];
        float[] a = new float[columns], b = new float[columns], size = new float[columns];
        int[] i = new int[columns], j = new int[columns];
        ArgMax.Along<float>(x, 1, rows, columns, a, i);
        ArgMax.Along<float>(transposed, columns, rows, 1, b, j);
        if (!a.SequenceEqual(b) || !i.SequenceEqual(j))
            return false;
        Sum.Along<float>(x, 1, rows, columns, a, accumulate: false);
        Sum.Along<float>(transposed, columns, rows, 1, b, accumulate: false);
        SumOfAbs.Along<float>(x, 1, rows, columns, size, accumulate: false);
        return Enumerable.Range(0, columns).All(c => Math.Abs(a[c] - b[c]) <= 80 * Math.Pow(2, -24) * 1.01 * size[c]);
    }

    private static float[] Spread(int count, int seed)
    {
        var random = new System.Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-30, 10))))];
    }
}
