using FsCheck.Xunit;

namespace FastGrad.Autograd.Tests;

/// <summary>Attention against a composition of elementary operations, in every mode; captured runs with masks and indices that come with a batch.</summary>
public sealed class AttentionTests
{
    [Property(MaxTest = 25)]
    public void AgreesWithAComposition(byte batch, byte heads, byte queries, byte keys, byte width, byte valueWidth, bool causal, bool biased, int seed)
    {
        int b = 1 + batch % 2, h = 1 + heads % 3, l = 1 + queries % 40, s = causal ? l : 1 + keys % 40, e = 1 + width % 9, f = 1 + valueWidth % 9;
        Tensor<double> q = Random([b, h, l, e], seed), k = Random([b, h, s, e], seed + 1), v = Random([b, h, s, f], seed + 2), w = Random([b, h, l, f], seed + 3);
        Tensor<double>? bias = biased ? Random([h, l, s], seed + 4) : null;
        Tensor<double>[] fused = Gradients(q, k, v, w, bias, (q, k, v, bias) => q.ScaledDotProductAttention(k, v, bias, causal: causal));
        Tensor<double>[] composed = Gradients(q, k, v, w, bias, (q, k, v, bias) => Compose(q, k, v, bias, causal));
        for (int i = 0; i < fused.Length; i++)
            AssertNear(composed[i], fused[i], 1e-12);
    }

    [Fact]
    public void ViewsAreReadAsTheyLie()
    {
        // [batch, time, 3, heads, width], split into [batch, heads, time, width] without copies, as in a fused projection.
        Tensor<double> packed = Random([2, 9, 3, 2, 4], 5);
        Tensor<double>[] parts = [.. Enumerable.Range(0, 3).Select(i => packed.Permute(2, 0, 3, 1, 4).Select(0, i))];
        Tensor<double> expected = Compose(parts[0], parts[1], parts[2], null, causal: true);
        AssertNear(expected, parts[0].ScaledDotProductAttention(parts[1], parts[2], causal: true), 1e-13);
        AssertNear(expected.Permute(0, 2, 1, 3).Reshape([2, 9, 8]), packed.Reshape([2, 9, 24]).PackedAttention(2, causal: true), 1e-13);
    }

    [Fact]
    public void PackedGradientsAreThoseOfTheParts()
    {
        Tensor<double> packed = Random([3, 40, 24], 8), w = Random([3, 40, 8], 9);
        double[] fused = Gradient(packed, x => (x.PackedAttention(2, causal: true) * w).Sum());
        double[] parts = Gradient(packed, x =>
        {
            Tensor<double> all = x.Reshape([3, 40, 3, 2, 4]).Permute(2, 0, 3, 1, 4);
            return (Compose(all.Select(0, 0), all.Select(0, 1), all.Select(0, 2), null, causal: true).Permute(0, 2, 1, 3).Reshape([3, 40, 8]) * w).Sum();
        });
        for (int i = 0; i < fused.Length; i++)
            Assert.Equal(parts[i], fused[i], 1e-12);
    }

    [Fact]
    public void WhatComesLaterChangesNothing()
    {
        Tensor<float> x = Single([1, 50, 24], 3), changed = x.Clone();
        changed.AsSpan()[(30 * 24)..].Fill(3);
        float[] before = x.PackedAttention(2, causal: true).ToArray(), after = changed.PackedAttention(2, causal: true).ToArray();
        Assert.Equal(before[..(30 * 8)], after[..(30 * 8)]);
        Assert.NotEqual(before, after);
    }

    [Fact]
    public void CapturedRunsReadMasksAndIndicesAnew()
    {
        bool[] allowed = [true, false, true, true, true, false, true, false, true];
        Tensor<bool> mask = Tensor.Wrap(allowed.AsMemory(), [3, 3]);
        float[] tokens = [0, 1, 2];
        Tensor<float> indices = Tensor.Wrap(tokens.AsMemory(), [1, 3]), table = Single([4, 12], 2), weight = Single([4, 4], 4);
        table.RequiresGrad = true;
        Tensor<float> Step() => table.Embedding(indices.ToIndices()).PackedAttention(2, allowed: mask).MatMul(weight).Sum();
        Tensor<float> result = null!;
        Program program = Capture.Record<float>(() =>
        {
            table.ZeroGrad();
            result = Step();
            result.Backward();
            return [result];
        });
        foreach (int change in new[] { 0, 1 })
        {
            (tokens[0], allowed[1], allowed[5]) = (3, change == 0, true);
            table.ZeroGrad();
            program.Run();
            float[] captured = table.Grad!.ToArray();
            float value = result.Item();
            table.ZeroGrad();
            Tensor<float> eager = Step();
            eager.Backward();
            Assert.Equal(eager.Item(), value);
            Assert.Equal(table.Grad!.ToArray(), captured);
        }
        tokens[0] = 4;
        Assert.Contains("Index 4 at position 0", Assert.Throws<ArgumentOutOfRangeException>(program.Run).Message);
    }

    private static Tensor<double> Compose(Tensor<double> q, Tensor<double> k, Tensor<double> v, Tensor<double>? bias, bool causal)
    {
        Tensor<double> scores = TensorProducts.Einsum("bhie,bhje->bhij", q, k) / Math.Sqrt(q.Shape[-1]);
        if (bias is not null)
            scores += bias;
        if (causal)
            scores += Tensor.Full<double>([q.Shape[-2], k.Shape[-2]], -1e30).Triu(1);
        Tensor<double> p = (scores - scores.Max(-1, keepAxis: true).Detach()).Exp();
        return TensorProducts.Einsum("bhij,bhjf->bhif", p / p.Sum([-1], keepAxes: true), v);
    }

    private static Tensor<double>[] Gradients(
        Tensor<double> q, Tensor<double> k, Tensor<double> v, Tensor<double> w, Tensor<double>? bias,
        Func<Tensor<double>, Tensor<double>, Tensor<double>, Tensor<double>?, Tensor<double>> attention)
    {
        Tensor<double>?[] leaves = [q.Detach(), k.Detach(), v.Detach(), bias?.Detach()];
        foreach (Tensor<double>? leaf in leaves)
            leaf?.RequiresGrad = true;
        Tensor<double> y = attention(leaves[0]!, leaves[1]!, leaves[2]!, leaves[3]);
        (y * w).Sum().Backward();
        return [y, .. leaves.OfType<Tensor<double>>().Select(leaf => leaf.Grad!)];
    }

    private static double[] Gradient(Tensor<double> x, Func<Tensor<double>, Tensor<double>> f)
    {
        Tensor<double> leaf = x.Detach();
        leaf.RequiresGrad = true;
        f(leaf).Backward();
        return leaf.Grad!.ToArray();
    }

    private static void AssertNear(Tensor<double> expected, Tensor<double> actual, double tolerance)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double[] e = expected.ToArray(), a = actual.ToArray();
        double scale = 1 + e.Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (int i = 0; i < e.Length; i++)
            Assert.Equal(e[i], a[i], tolerance * scale);
    }

    private static Tensor<double> Random(Shape shape, int seed)
    {
        var random = new Random(seed);
        return Tensor.From<double>([.. Enumerable.Range(0, shape.Length).Select(_ => random.NextDouble() * 4 - 2)], shape);
    }

    private static Tensor<float> Single(Shape shape, int seed) => Tensor.From<float>([.. Random(shape, seed).ToArray().Select(x => (float)x)], shape);
}
