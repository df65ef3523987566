using FastGrad.Analysis.Catalogue;
using FastGrad.Analysis.Reference;
using FastGrad.Autograd;

namespace FastGrad.Analysis.Checks;

/// <summary>All checks of a row of the catalogue.</summary>
public static class OperatorCheck
{
    /// <summary>The bound of float gradients against double ones: 168 units of 2⁻²³ at the size of the largest.</summary>
    public const double SingleBound = 2e-5;

    /// <summary>The bound of values and gradients against a composition, which rounds differently.</summary>
    public const double CompositionBound = 1e-12;

    private const int ReferencePoints = 2000;

    /// <summary>Runs every check that the row's data allow.</summary>
    /// <param name="row">The operator.</param>
    /// <param name="options">Seeds; steps come from the row.</param>
    public static OperatorReport Run(OperatorRow row, CheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(row);
        options ??= CheckOptions.Default;
        List<string> failures = [];
        DerivativeReport? derivatives = null;
        double single = 0;
        double? loops = row.Loops is null ? null : 0, composed = row.Composition is null ? null : 0;
        foreach (IReadOnlyList<Argument> arguments in row.Cases)
        {
            Tensor<double>[] x = Samples.Point(row, arguments, options.Seed);
            DerivativeReport report = DerivativeCheck.Run(row.Name, row.Double, x, options with { Scales = [.. arguments.Select(a => a.Scale)] });
            derivatives = derivatives is null ? report : derivatives.And(report);
            single = DerivativeReport.Worse(single, SingleGradients(row, x, options.Seed));
            if (row.Loops is { } formula)
                loops = DerivativeReport.Worse(loops!.Value, AgainstLoops(row.Double(x), formula(x)));
            if (row.Composition is { } composition)
                composed = DerivativeReport.Worse(composed!.Value, AgainstComposition(row.Double, composition, x, options.Seed));
            Recording(row, x, failures);
        }
        foreach (DerivativeReport report in Further(row, options))
            derivatives = derivatives!.And(report);
        failures.AddRange(derivatives!.Failures.Select(f => f.ToString()));
        Bound(single, SingleBound, "gradients in float against double");
        if (loops is { } l)
            Bound(l, 1e-14, "values against loops over indices");
        if (composed is { } c)
            Bound(c, CompositionBound, "values and gradients against a composition of elementary operations");
        foreach (StatedPoint point in row.Stated)
            failures.AddRange(StatedPointCheck.Run(row, point));

        double? ulp = null, ulpSingle = null, slope = null;
        if (row.Reference is not null)
        {
            (ulp, ulpSingle) = Values(row, options.Seed);
            Bound(ulp.Value, row.UlpBudget, "ulp of values in double");
            Bound(ulpSingle.Value, row.UlpBudget, "ulp of values in float");
            slope = SlopeCheck.Run(row, options.Seed);
            Bound(slope.Value, SlopeCheck.Bound, "ulp of derivatives in double");
        }
        double? convexity = null;
        if (row.Convexity != Convexity.Unclaimed)
        {
            convexity = ConvexityCheck.Run(row, options.Seed);
            Bound(convexity.Value, 1, $"claim of convexity ({row.Convexity}), in units of its slack");
        }
        return new()
        {
            Operator = row.Name,
            Derivatives = derivatives,
            ValueUlp = ulp,
            ValueUlpSingle = ulpSingle,
            DerivativeUlp = slope,
            LoopError = loops,
            CompositionError = composed,
            SingleGradientError = single,
            ConvexityViolation = convexity,
            StatedPoints = row.Stated.Count,
            Failures = failures,
        };

        void Bound(double error, double bound, string what)
        {
            if (!(error <= bound))
                failures.Add($"{row.Name}: {what}: {error:G3}, expected at most {bound:G3}");
        }
    }

    // For operators with a body: at 0, where bodies change their branch, and the derivative's own derivatives: the third order.
    private static IEnumerable<DerivativeReport> Further(OperatorRow row, CheckOptions options)
    {
        if (row.RecordedDouble is null)
            yield break;
        IReadOnlyList<Argument> arguments = row.Cases[0];
        CheckOptions scaled = options with { Scales = [.. arguments.Select(a => a.Scale)] };
        List<Tensor<double>[]> points = [Samples.Point(row, arguments, options.Seed)];
        Tensor<double>[] zero = [.. arguments.Select(a => Tensor.Zeros<double>(a.Shape))];
        if (arguments.All(a => a.Low < 0 && a.High > 0) && (row.KinkDistance?.Invoke(zero) ?? 1) > 10.0 / 256)
        {
            points.Add(zero);
            yield return DerivativeCheck.Run(row.Name + " at 0", row.Double, zero, scaled);
        }
        foreach (Tensor<double>[] x in points)
            yield return DerivativeCheck.Run(row.Name + "'", First, x, scaled);

        // Of an elementwise sum the gradient with respect to the first argument is the derivative, element by element.
        Tensor<double> First(Tensor<double>[] x) => Transforms.ValueAndGrad<double>(all => row.Double(all).Sum())(x).Gradients[0];
    }

    // At the same point, rounded to float for both.
    private static double SingleGradients(OperatorRow row, Tensor<double>[] x, ulong seed)
    {
        Tensor<float>[] leaves = [.. x.Select(t => Leaf(Tensor.From<float>([.. t.ToArray().Select(v => (float)v)], t.Shape)))];
        Tensor<double>[] wide = [.. leaves.Select(t => Leaf(Tensor.From<double>([.. t.ToArray().Select(v => (double)v)], t.Shape)))];
        Tensor<double> y = row.Double(wide);
        if (!y.RequiresGrad)
            return 0;
        Tensor<double> w = Samples.Weights(y.Shape, seed, 9);
        y.Backward(w);
        row.Single(leaves).Backward(Tensor.From<float>([.. w.ToArray().Select(v => (float)v)], w.Shape));
        double worst = 0;
        for (int i = 0; i < x.Length; i++)
            worst = DerivativeReport.Worse(worst, Relative([.. leaves[i].Grad!.ToArray().Select(v => (double)v)], wide[i].Grad!.ToArray()));
        return worst;
    }

    private static double AgainstLoops(Tensor<double> y, double[] expected) => Relative(y.ToArray(), expected);

    private static double Relative(double[] actual, double[] expected)
    {
        double scale = expected.Select(Math.Abs).DefaultIfEmpty(0).Max(), worst = actual.Length == expected.Length ? 0 : double.NaN;
        for (int i = 0; i < Math.Min(actual.Length, expected.Length); i++)
            worst = DerivativeReport.Worse(worst, actual[i] == expected[i] ? 0 : Math.Abs(actual[i] - expected[i]) / scale);
        return worst;
    }

    // Fused kernels and the composition are both on the eager tape: values, then the gradient of every argument.
    private static double AgainstComposition(Func<Tensor<double>[], Tensor<double>> f, Func<Tensor<double>[], Tensor<double>> composition, Tensor<double>[] x, ulong seed)
    {
        double[][] actual = Run(f), expected = Run(composition);
        double worst = 0;
        for (int i = 0; i < actual.Length; i++)
            worst = DerivativeReport.Worse(worst, Relative(actual[i], expected[i]));
        return worst;

        double[][] Run(Func<Tensor<double>[], Tensor<double>> function)
        {
            Tensor<double>[] leaves = [.. x.Select(t => Leaf(t.Clone()))];
            Tensor<double> y = function(leaves);
            y.Backward(Samples.Weights(y.Shape, seed, 0));
            return [y.ToArray(), .. leaves.Select(leaf => leaf.Grad!.ToArray())];
        }
    }

    // The recorded body is the same IEEE operations, so it has the kernel's bits.
    private static void Recording(OperatorRow row, Tensor<double>[] x, List<string> failures)
    {
        if (row.RecordedDouble is { } d && !Same<double>(row.Double(x).ToArray(), d(x).ToArray()))
            failures.Add($"{row.Name}: the recorded body gives other bits than the kernel, in double");
        Tensor<float>[] narrow = [.. x.Select(t => Tensor.From<float>([.. t.ToArray().Select(v => (float)v)], t.Shape))];
        if (row.RecordedSingle is { } s && !Same<float>(row.Single(narrow).ToArray(), s(narrow).ToArray()))
            failures.Add($"{row.Name}: the recorded body gives other bits than the kernel, in float");
    }

    private static bool Same<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(a).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(b));

    private static (double Double, double Single) Values(OperatorRow row, ulong seed)
    {
        int arity = row.Cases[0].Count;
        double[][] points = [.. Enumerable.Range(0, arity).Select(i =>
        {
            (double low, double high) = i == 1 ? row.SecondReferenceRange ?? row.ReferenceRange : row.ReferenceRange;
            return Samples.LogUniform(ReferencePoints, low, high, 1e-20, seed, (ulong)i);
        })];
        double worst = 0, worstSingle = 0;
        double[] values = row.Double([.. points.Select(p => Tensor.From<double>(p))]).ToArray();
        float[][] narrow = [.. points.Select(p => p.Select(v => (float)v).ToArray())];
        float[] valuesSingle = row.Single([.. narrow.Select(p => Tensor.From<float>(p))]).ToArray();
        for (int k = 0; k < ReferencePoints; k++)
        {
            worst = DerivativeReport.Worse(worst, row.Reference!([.. points.Select(p => (Precise)p[k])]).UlpsFrom(values[k]));
            Precise expected = row.Reference([.. narrow.Select(p => (Precise)(double)p[k])]);
            // Within the normal range of float: beyond it the format, not the operator, sets the error.
            if (Math.Abs(expected.High) is > 1.2e-38 and < 3.3e38 || expected.High == 0)
                worstSingle = DerivativeReport.Worse(worstSingle, expected.UlpsFrom(valuesSingle[k]));
        }
        return (worst, worstSingle);
    }

    internal static Tensor<T> Leaf<T>(Tensor<T> x)
        where T : unmanaged
    {
        x.RequiresGrad = true;
        return x;
    }
}
