using FastGrad.Analysis.Catalogue;
using FastGrad.Autograd;

namespace FastGrad.Analysis.Checks;

/// <summary>Asserts what a row states at one point: exactly, in double and float, in both reverse modes and in forward mode.</summary>
internal static class StatedPointCheck
{
    public static IEnumerable<string> Run(OperatorRow row, StatedPoint point)
    {
        List<string> failures = [];
        Tensor<double>[] x = [.. point.Inputs];
        string where = string.Join("; ", x.Select(t => string.Join(", ", t.ToArray())));
        Expect("value", row.Double(x).ToArray(), point.Value, exact: true);
        Expect("value in float", Wide(row.Single(Narrow(x))), point.Value, exact: false);
        if (point.Gradients is not { } gradients)
            return failures;

        Tensor<double>[] leaves = [.. x.Select(t => OperatorCheck.Leaf(t.Clone()))];
        Tensor<double> y = row.Double(leaves);
        y.Backward(Tensor.Ones<double>(y.Shape));
        Tensor<double>[] functional = Transforms.Vjp(row.Double, x).Pullback(Tensor.Ones<double>(y.Shape));
        Tensor<float>[] narrow = [.. Narrow(x).Select(OperatorCheck.Leaf)];
        Tensor<float> single = row.Single(narrow);
        single.Backward(Tensor.Ones<float>(single.Shape));
        for (int i = 0; i < x.Length; i++)
        {
            Expect($"gradient of argument {i}, eager", leaves[i].Grad!.ToArray(), gradients[i], exact: true);
            Expect($"gradient of argument {i}, functional", functional[i].ToArray(), gradients[i], exact: true);
            Expect($"gradient of argument {i}, eager in float", Wide(narrow[i].Grad!), gradients[i], exact: false);
            for (int k = 0; k < x[i].Length; k++)
            {
                Tensor<double>[] unit = [.. x.Select(t => Tensor.Zeros<double>(t.Shape))];
                unit[i].AsSpan()[k] = 1;
                // Zero tangents of other elements meet infinite slopes, so forward mode is asked only where all is finite.
                if (gradients.All(g => g.All(double.IsFinite)))
                    Expect($"tangent along element {k} of argument {i}", [Transforms.Jvp(row.Double, x, unit).Tangent.ToArray().Sum()], [gradients[i][k]], exact: true);
            }
        }
        return failures;

        void Expect(string what, double[] actual, IReadOnlyList<double> stated, bool exact)
        {
            for (int k = 0; k < Math.Max(actual.Length, stated.Count); k++)
            {
                double a = k < actual.Length ? actual[k] : double.NaN, s = k < stated.Count ? stated[k] : double.PositiveInfinity;
                if (!(a.Equals(s) || (!exact && Math.Abs(a - s) <= 1e-6 * Math.Abs(s))))
                    failures.Add($"{row.Name} at ({where}): {what}, element {k}: {a:R}, stated {s:R}");
            }
        }
    }

    private static Tensor<float>[] Narrow(Tensor<double>[] x) =>
        [.. x.Select(t => Tensor.From<float>([.. t.ToArray().Select(v => (float)v)], t.Shape))];

    private static double[] Wide(Tensor<float> x) => [.. x.ToArray().Select(v => (double)v)];
}
