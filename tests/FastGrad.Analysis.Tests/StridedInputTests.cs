namespace FastGrad.Analysis.Tests;

/// <summary>Views as arguments: transposed, stepped, offset and stretched tensors give every operator's values and gradients bit by bit.</summary>
public sealed class StridedInputTests
{
    public static TheoryData<string> Names => [.. OperatorCatalogue.All.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void ViewsGiveTheBitsOfDenseTensors(string name)
    {
        OperatorRow row = OperatorCatalogue.Find(name)!;
        foreach (IReadOnlyList<Argument> arguments in row.Cases)
        {
            Tensor<double>[] dense = [.. arguments.Select((a, i) => Values(a, i))];
            Tensor<double> w = row.Double(dense);
            w = Tensor.From<double>([.. Enumerable.Range(0, w.Length).Select(i => 0.5 + 0.25 * (i % 5))], w.Shape);
            double[] value = row.Double(dense).ToArray();
            double[][] gradients = Gradients(row, dense, w, out _);
            foreach (Func<Tensor<double>, (Tensor<double> Base, Func<Tensor<double>, Tensor<double>> View)> disguise in Disguises)
            {
                var hidden = dense.Select(disguise).ToArray();
                Tensor<double>[] leaves = [.. hidden.Select(h => h.Base)];
                foreach (Tensor<double> leaf in leaves)
                    leaf.RequiresGrad = true;
                Tensor<double>[] views = [.. hidden.Select((h, i) => h.View(leaves[i]))];
                Tensor<double> y = row.Double(views);
                Assert.Equal(value, y.ToArray());
                y.Backward(w);
                Tensor<double>[] functional = Transforms.Vjp(x => row.Double([.. hidden.Select((h, i) => h.View(x[i]))]), [.. leaves.Select(l => l.Detach())]).Pullback(w);
                for (int i = 0; i < leaves.Length; i++)
                {
                    // The view shows what the elements got; the hidden ones got nothing.
                    Assert.Equal(gradients[i], hidden[i].View(leaves[i].Grad!).ToArray());
                    Assert.Equal(gradients[i].Sum(Math.Abs), leaves[i].Grad!.ToArray().Sum(Math.Abs), 1e-12);
                    AssertNear(gradients[i], hidden[i].View(functional[i]).ToArray());
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void StretchedArgumentsGatherTheirGradients(string name)
    {
        OperatorRow row = OperatorCatalogue.Find(name)!;
        foreach (IReadOnlyList<Argument> arguments in row.Cases)
        {
            if (arguments.All(a => a.Shape.Rank == 0))
                continue;
            // Each argument constant along its first axis: a view with stride 0 against its copy.
            Tensor<double>[] thin = [.. arguments.Select((a, i) => a.Shape.Rank == 0 ? Values(a, i) : Values(a, i).Slice(0, 0, 1).Clone())];
            Tensor<double>[] dense = [.. thin.Select((t, i) => t.BroadcastTo(arguments[i].Shape).Clone())];
            Tensor<double> w = Tensor.Ones<double>(row.Double(dense).Shape);
            double[][] gradients = Gradients(row, dense, w, out double[] value);
            foreach (Tensor<double> leaf in thin)
                leaf.RequiresGrad = true;
            Tensor<double> y = row.Double([.. thin.Select((t, i) => t.BroadcastTo(arguments[i].Shape))]);
            Assert.Equal(value, y.ToArray());
            y.Backward(w);
            for (int i = 0; i < thin.Length; i++)
                AssertNear(Tensor.From<double>(gradients[i], arguments[i].Shape).SumTo(thin[i].Shape).ToArray(), thin[i].Grad!.ToArray());
        }
    }

    private static IEnumerable<Func<Tensor<double>, (Tensor<double> Base, Func<Tensor<double>, Tensor<double>> View)>> Disguises =>
    [
        // Axes in reverse order.
        x =>
        {
            int[] reversed = [.. Enumerable.Range(0, x.Rank).Reverse()];
            return (x.Permute(reversed).Clone(), t => t.Permute(reversed));
        },
        // Every other element of the last axis, from the second on.
        x => x.Rank == 0
            ? (Spread([3], t => t.Slice(0, 1, 1).Reshape([]), x), t => t.Slice(0, 1, 1).Reshape([]))
            : Embedded(x, [.. x.Shape.Axes[..^1], 2 * x.Shape[-1] + 1], t => t.Slice(-1, 1, x.Shape[-1], 2)),
        // A part of a longer first axis, and of a longer last one.
        x => x.Rank == 0
            ? (x.Clone(), t => t)
            : Embedded(x, [x.Shape[0] + 2, .. x.Shape.Axes[1..]], t => t.Slice(0, 1, x.Shape[0])),
    ];

    private static (Tensor<double>, Func<Tensor<double>, Tensor<double>>) Embedded(Tensor<double> x, int[] shape, Func<Tensor<double>, Tensor<double>> view) =>
        (Spread(shape, view, x), view);

    // A larger tensor of other numbers that shows x through the view.
    private static Tensor<double> Spread(int[] shape, Func<Tensor<double>, Tensor<double>> view, Tensor<double> x)
    {
        Shape outer = Shape.Create(shape);
        Tensor<double> positions = Tensor.From<double>([.. Enumerable.Range(0, outer.Length).Select(i => (double)i)], outer);
        double[] elements = [.. Enumerable.Range(0, outer.Length).Select(i => 100.0 + i)], inner = x.ToArray();
        double[] shown = view(positions).ToArray();
        for (int i = 0; i < inner.Length; i++)
            elements[(int)shown[i]] = inner[i];
        return Tensor.From<double>(elements, outer);
    }

    private static double[][] Gradients(OperatorRow row, Tensor<double>[] x, Tensor<double> w, out double[] value)
    {
        Tensor<double>[] leaves = [.. x.Select(t => t.Clone())];
        foreach (Tensor<double> leaf in leaves)
            leaf.RequiresGrad = true;
        Tensor<double> y = row.Double(leaves);
        value = y.ToArray();
        y.Backward(w);
        return [.. leaves.Select(leaf => leaf.Grad!.ToArray())];
    }

    private static Tensor<double> Values(Argument a, int seed) => Tensor.From<double>(
        [.. Enumerable.Range(0, a.Shape.Length).Select(i => a.Low + (a.High - a.Low) * (0.5 + 0.45 * Math.Sin(1.7 * i + 2.3 * seed + 0.6)))], a.Shape);

    private static void AssertNear(double[] expected, double[] actual)
    {
        double scale = expected.Select(Math.Abs).DefaultIfEmpty(0).Max();
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-13 * scale, $"element {i}: {actual[i]:R}, expected {expected[i]:R}");
    }
}
