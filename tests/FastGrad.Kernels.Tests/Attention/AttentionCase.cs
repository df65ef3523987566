using System.Numerics;
using FastGrad.Kernels.Attention;
using FastGrad.Kernels.Philox;
using FastGrad.Kernels.Tests.Guarded;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Tests.Attention;

/// <summary>How a case is masked.</summary>
public enum Masking
{
    None,
    Boolean,
    Additive,
}

/// <summary>Inputs of one attention, and its results by the definition: plain loops in double, the scores stored, nothing tiled.</summary>
internal sealed class AttentionCase
{
    public readonly AttentionShape Shape;
    public readonly double Scale;
    public readonly double[] Query, Key, Value, Gradient;
    public readonly double[]? Bias; // [Batch, Queries, Keys], the same for all heads
    public readonly bool[]? Allowed;

    public AttentionCase(AttentionShape shape, Masking masking = Masking.None, ulong seed = 1, double range = 2)
    {
        Shape = shape;
        Scale = 1 / Math.Sqrt(Math.Max(1, shape.Width));
        Query = Uniform(shape.Batch * shape.Heads * shape.Queries * shape.Width, seed, range);
        Key = Uniform(shape.Batch * shape.Heads * shape.Keys * shape.Width, seed + 1000, range);
        Value = Uniform(shape.Batch * shape.Heads * shape.Keys * shape.ValueWidth, seed + 2000, range);
        Gradient = Uniform(shape.Batch * shape.Heads * shape.Queries * shape.ValueWidth, seed + 3000, range);
        double[] coins = Uniform(shape.Batch * shape.Queries * shape.Keys, seed + 4000, 1);
        // Some rows see nothing at all.
        bool Sees(int i) => coins[i] > -0.3 && (i / Math.Max(1, shape.Keys)) % 7 != 3;
        if (masking == Masking.Boolean)
            Allowed = [.. coins.Select((_, i) => Sees(i))];
        else if (masking == Masking.Additive)
            Bias = [.. coins.Select((c, i) => Sees(i) ? c * 3 : double.NegativeInfinity)];
    }

    public HeadLayout QueryLayout => HeadLayout.Dense(Shape.Heads, Shape.Queries, Shape.Width);

    public HeadLayout KeyLayout => HeadLayout.Dense(Shape.Heads, Shape.Keys, Shape.Width);

    public HeadLayout ValueLayout => HeadLayout.Dense(Shape.Heads, Shape.Keys, Shape.ValueWidth);

    public HeadLayout OutputLayout => HeadLayout.Dense(Shape.Heads, Shape.Queries, Shape.ValueWidth);

    public HeadLayout MaskLayout => new(Shape.Queries * Shape.Keys, 0, Shape.Keys);

    /// <summary>The kernel's results: output, log-sum-exp, dQ, dK, dV. With <paramref name="guard"/> every span ends at a guard page.</summary>
    public Results Compute<T>(WorkerTeam? workers = null, T[][]? start = null, Guard? guard = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Arrays<T> memory = new(guard);
        Span<T> q = memory.Of(Query), k = memory.Of(Key), v = memory.Of(Value), d = memory.Of(Gradient);
        Span<T> output = memory.Of(new double[Gradient.Length]), lse = memory.Of(new double[Shape.Batch * Shape.Heads * Shape.Queries]);
        Span<T> dq = memory.Of(new double[Query.Length]), dk = memory.Of(new double[Key.Length]), dv = memory.Of(new double[Value.Length]);
        AttentionMask<T> mask = Bias is not null ? new(memory.Of(Bias), MaskLayout) : Allowed is not null ? new(Allowed, MaskLayout) : default;
        T scale = T.CreateTruncating(Scale);
        ScaledDotProductAttention.Forward(Shape, scale, mask, q, QueryLayout, k, KeyLayout, v, ValueLayout, output, OutputLayout, lse, workers);
        if (start is not null)
        {
            start[0].CopyTo(dq);
            start[1].CopyTo(dk);
            start[2].CopyTo(dv);
        }
        ScaledDotProductAttention.Backward(
            Shape, scale, mask, q, QueryLayout, k, KeyLayout, v, ValueLayout, output, OutputLayout, lse, d, OutputLayout,
            dq, QueryLayout, dk, KeyLayout, dv, ValueLayout, accumulate: start is not null, workers);
        return new(Wide<T>(output), Wide<T>(lse), Wide<T>(dq), Wide<T>(dk), Wide<T>(dv));
    }

    /// <summary>The definition.</summary>
    public Results Expected()
    {
        AttentionShape s = Shape;
        double[] output = new double[Gradient.Length], lse = new double[s.Batch * s.Heads * s.Queries];
        double[] dq = new double[Query.Length], dk = new double[Key.Length], dv = new double[Value.Length];
        for (int bh = 0; bh < s.Batch * s.Heads; bh++)
        {
            for (int i = 0; i < s.Queries; i++)
            {
                int q = (bh * s.Queries + i) * s.Width, o = (bh * s.Queries + i) * s.ValueWidth;
                int mask = (bh / s.Heads * s.Queries + i) * s.Keys;
                bool Sees(int j) => (!s.Causal || j <= i) && Allowed?[mask + j] != false && Bias?[mask + j] != double.NegativeInfinity;
                int[] seen = [.. Enumerable.Range(0, s.Keys).Where(Sees)];
                lse[bh * s.Queries + i] = double.NegativeInfinity;
                if (seen.Length == 0)
                    continue;
                double[] scores = [.. seen.Select(j => Scale * Enumerable.Range(0, s.Width).Sum(e => Query[q + e] * Key[(bh * s.Keys + j) * s.Width + e]) + (Bias?[mask + j] ?? 0))];
                double most = scores.Max(), sum = scores.Sum(x => Math.Exp(x - most));
                lse[bh * s.Queries + i] = most + Math.Log(sum);
                double[] p = [.. scores.Select(x => Math.Exp(x - most) / sum)];
                double[] dp = new double[p.Length];
                for (int n = 0; n < seen.Length; n++)
                {
                    int v = (bh * s.Keys + seen[n]) * s.ValueWidth;
                    for (int e = 0; e < s.ValueWidth; e++)
                    {
                        output[o + e] += p[n] * Value[v + e];
                        dv[v + e] += p[n] * Gradient[o + e];
                        dp[n] += Gradient[o + e] * Value[v + e];
                    }
                }
                double mean = p.Zip(dp, (a, b) => a * b).Sum();
                for (int n = 0; n < seen.Length; n++)
                {
                    int k = (bh * s.Keys + seen[n]) * s.Width;
                    double slope = p[n] * (dp[n] - mean) * Scale;
                    for (int e = 0; e < s.Width; e++)
                    {
                        dq[q + e] += slope * Key[k + e];
                        dk[k + e] += slope * Query[q + e];
                    }
                }
            }
        }
        return new(output, lse, dq, dk, dv);
    }

    public static double[] Uniform(int count, ulong stream, double range)
    {
        float[] values = new float[count]; // representable in both types
        new PhiloxStream(7, stream).FillUniform<float>(values, (float)-range, (float)range);
        return [.. values.Select(x => (double)x)];
    }

    private static double[] Wide<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = double.CreateTruncating(values[i]);
        return wide;
    }

    public sealed record Results(double[] Output, double[] LogSumExp, double[] Query, double[] Key, double[] Value)
    {
        public IEnumerable<(string Name, double[] Values)> All => [("output", Output), ("logsumexp", LogSumExp), ("dQ", Query), ("dK", Key), ("dV", Value)];
    }

    private sealed class Arrays<T>(Guard? guard) : IDisposable
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly List<GuardedMemory<T>> _guarded = [];

        public Span<T> Of(double[] values)
        {
            T[] narrow = [.. values.Select(T.CreateTruncating)];
            if (guard is not { } side)
                return narrow;
            _guarded.Add(new(narrow, side));
            return _guarded[^1].Span;
        }

        public void Dispose() => _guarded.ForEach(memory => memory.Dispose());
    }
}
