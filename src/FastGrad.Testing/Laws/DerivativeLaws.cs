using FastGrad.Analysis.Checks;
using FastGrad.Autograd;
using FsCheck;
using FsCheck.Fluent;

namespace FastGrad.Testing.Laws;

/// <summary>What holds for the derivatives of every differentiable function: laws to hold one's own operators and models to.</summary>
/// <remarks>Each is an FsCheck property that says what failed. Points must lie away from kinks.</remarks>
public static class DerivativeLaws
{
    /// <summary>The bound of laws between derivatives, relative to the largest element: they differ by rounding alone.</summary>
    public const double RoundingBound = 1e-11;

    /// <summary>Reverse (eager and functional), forward and second derivatives agree with differences and with each other.</summary>
    public static Property AgreeWithDifferences(Func<Tensor<double>[], Tensor<double>> f, params Tensor<double>[] x)
    {
        DerivativeReport report = DerivativeCheck.Run("function", f, x);
        return Prop.Label(report.Passed, string.Join('\n', report.Failures));
    }

    /// <summary>⟨w, Jv⟩ = ⟨Jᵀw, v⟩ for a direction v and a weight w, to 10⁻¹³ of ‖w‖‖Jv‖ + ‖Jᵀw‖‖v‖: forward and reverse mode are each other's transpose.</summary>
    public static Property KeepInnerProducts(Func<Tensor<double>[], Tensor<double>> f, params Tensor<double>[] x)
    {
        ArgumentNullException.ThrowIfNull(x);
        double[][] v = [.. x.Select((t, i) => Wave(t.Shape, 0.3 + i).ToArray())];
        (Tensor<double> y, Func<Tensor<double>, Tensor<double>[]> pullback) = Transforms.Vjp(f, x);
        Tensor<double> weight = Wave(y.Shape, 0.7);
        double[] w = weight.ToArray(), jv = Transforms.Jvp(f, x, [.. v.Select((d, i) => Tensor.From<double>(d, x[i].Shape))]).Tangent.ToArray();
        double[] pulled = Flat(pullback(weight)), along = [.. v.SelectMany(d => d)];
        double left = Dot(w, jv), right = Dot(pulled, along), scale = Math.Sqrt(Dot(w, w) * Dot(jv, jv)) + Math.Sqrt(Dot(pulled, pulled) * Dot(along, along));
        return Prop.Label(Math.Abs(left - right) <= DerivativeCheck.InnerProductBound * scale, FormattableString.Invariant($"⟨w, Jv⟩ = {left}, ⟨Jᵀw, v⟩ = {right}"));
    }

    /// <summary>Two backward passes add up to twice the gradient of one.</summary>
    public static Property Accumulate(Func<Tensor<double>[], Tensor<double>> f, params Tensor<double>[] x)
    {
        ArgumentNullException.ThrowIfNull(f);
        return Near(Gradients(f, x, passes: 2), Gradients(f, x, passes: 1), twice: true, "two passes against twice one");
    }

    /// <summary>Jᵀ(a·u + v) = a·Jᵀu + Jᵀv.</summary>
    public static Property PullBackLinearly(Func<Tensor<double>[], Tensor<double>> f, params Tensor<double>[] x)
    {
        (Tensor<double> y, Func<Tensor<double>, Tensor<double>[]> pullback) = Transforms.Vjp(f, x);
        Tensor<double> u = Wave(y.Shape, 0.3), v = Wave(y.Shape, 1.1);
        Tensor<double>[] left = pullback(u * 2.5 + v), first = pullback(u), second = pullback(v);
        return Near(Flat(left), [.. Flat(first).Zip(Flat(second), (p, q) => 2.5 * p + q)], twice: false, "vjp of a sum against the sum of vjps");
    }

    /// <summary>J(a·u + v) = a·Ju + Jv.</summary>
    public static Property PushForwardLinearly(Func<Tensor<double>[], Tensor<double>> f, params Tensor<double>[] x)
    {
        Tensor<double>[] u = [.. x.Select((t, i) => Wave(t.Shape, 0.3 + i))], v = [.. x.Select((t, i) => Wave(t.Shape, 1.1 + i))];
        double[] left = Transforms.Jvp(f, x, [.. u.Select((t, i) => t * 2.5 + v[i])]).Tangent.ToArray();
        double[] first = Transforms.Jvp(f, x, u).Tangent.ToArray(), second = Transforms.Jvp(f, x, v).Tangent.ToArray();
        return Near(left, [.. first.Zip(second, (p, q) => 2.5 * p + q)], twice: false, "jvp of a sum against the sum of jvps");
    }

    /// <summary>Inside a scope the gradients have the same bits as outside.</summary>
    public static Property IgnoreScopes(Func<Tensor<double>[], Tensor<double>> f, params Tensor<double>[] x)
    {
        double[] outside = Gradients(f, x, passes: 1), first, second;
        using (new TensorScope())
            first = Gradients(f, x, passes: 1);
        using (new TensorScope())
            second = Gradients(f, x, passes: 1); // in the memory that the first gave back, full of its numbers
        return Prop.Label(outside.SequenceEqual(first) && outside.SequenceEqual(second), "gradients inside a scope differ from those outside");
    }

    private static double[] Gradients(Func<Tensor<double>[], Tensor<double>> f, Tensor<double>[] x, int passes)
    {
        Tensor<double>[] leaves = [.. x.Select(t => t.Clone())];
        foreach (Tensor<double> leaf in leaves)
            leaf.RequiresGrad = true;
        for (int pass = 0; pass < passes; pass++)
        {
            Tensor<double> y = f(leaves);
            if (y.RequiresGrad)
                y.Backward(Wave(y.Shape, 0.7));
        }
        return [.. leaves.SelectMany(leaf => leaf.Grad?.ToArray() ?? new double[leaf.Length])];
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();

    private static double[] Flat(Tensor<double>[] parts) => [.. parts.SelectMany(p => p.ToArray())];

    // Numbers between ½ and 3/2 of either sign: no component that could hide an error.
    private static Tensor<double> Wave(Shape shape, double phase) => Tensor.From<double>(
        [.. Enumerable.Range(0, shape.Length).Select(i => (i % 2 == 0 ? 1 : -1) * (0.5 + (i * 0.618 + phase) % 1))], shape);

    private static Property Near(double[] actual, double[] expected, bool twice, string what)
    {
        double scale = expected.Select(Math.Abs).DefaultIfEmpty(0).Max(), factor = twice ? 2 : 1;
        for (int i = 0; i < Math.Max(actual.Length, expected.Length); i++)
        {
            if (actual.Length != expected.Length || !(Math.Abs(actual[i] - factor * expected[i]) <= RoundingBound * scale))
                return Prop.Label(false, $"{what}: element {i}");
        }
        return Prop.ToProperty(true);
    }
}
