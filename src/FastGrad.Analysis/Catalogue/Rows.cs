using FastGrad.Analysis.Reference;
using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Analysis.Catalogue;

/// <summary>How rows are written: one call for an operator with a body, and the cases of shapes that its kind is checked on.</summary>
internal static class Rows
{
    public static OperatorRow Unary<TDouble, TSingle>(string name, Type type, TDouble d, TSingle s, double low = -2, double high = 2, double scale = 1)
        where TDouble : struct, IUnaryOperator<double>
        where TSingle : struct, IUnaryOperator<float> =>
        new(name, type, x => x[0].Map(d), x => x[0].Map(s))
        {
            Cases = [[new([2, 3], low, high, scale)], [new([], low, high, scale)]],
            RecordedDouble = x => d.Value(new Recorded<double>(x[0])).Tensor,
            RecordedSingle = x => s.Value(new Recorded<float>(x[0])).Tensor,
        };

    public static OperatorRow Binary<TDouble, TSingle>(string name, Type type, TDouble d, TSingle s, double low = -2, double high = 2, double secondLow = -2, double secondHigh = 2)
        where TDouble : struct, IBinaryOperator<double>
        where TSingle : struct, IBinaryOperator<float> =>
        new(name, type, x => x[0].Zip(x[1], d), x => x[0].Zip(x[1], s))
        {
            Cases = Pairs(low, high, secondLow, secondHigh),
            RecordedDouble = x => d.Value(new Recorded<double>(x[0]), new(x[1])).Tensor,
            RecordedSingle = x => s.Value(new Recorded<float>(x[0]), new(x[1])).Tensor,
        };

    public static OperatorRow Ternary<TDouble, TSingle>(string name, Type type, TDouble d, TSingle s)
        where TDouble : struct, ITernaryOperator<double>
        where TSingle : struct, ITernaryOperator<float> =>
        new(name, type, x => new TernaryPrimitive<TDouble, double>(d).Apply(x), x => new TernaryPrimitive<TSingle, float>(s).Apply(x))
        {
            Cases = Triples,
            RecordedDouble = x => d.Value(new Recorded<double>(x[0]), new(x[1]), new(x[2])).Tensor,
            RecordedSingle = x => s.Value(new Recorded<float>(x[0]), new(x[1]), new(x[2])).Tensor,
        };

    /// <summary>An operation that is no elementwise operator.</summary>
    public static OperatorRow Operation(
        string name, Type type, Func<Tensor<double>[], Tensor<double>> d, Func<Tensor<float>[], Tensor<float>> s, Func<Tensor<double>[], double[]> loops, params Shape[][] cases) =>
        new(name, type, d, s) { Loops = loops, Cases = [.. cases.Select(shapes => shapes.Select(shape => new Argument(shape)).ToArray())] };

    /// <summary>Pairs of shapes: equal, a row, a column with a row, a scalar.</summary>
    public static IReadOnlyList<IReadOnlyList<Argument>> Pairs(double low = -2, double high = 2, double secondLow = -2, double secondHigh = 2) =>
        [.. new (Shape First, Shape Second)[] { ([2, 3], [2, 3]), ([2, 3], [3]), ([2, 1], [1, 3]), ([], [2, 2]) }
            .Select(pair => new[] { new Argument(pair.First, low, high), new Argument(pair.Second, secondLow, secondHigh) })];

    public static IReadOnlyList<IReadOnlyList<Argument>> Triples =>
        [[new([2, 3]), new([2, 3]), new([2, 3])], [new([2, 1]), new([3]), new([])]];

    /// <summary>The smallest of a distance over all elements, after broadcasting.</summary>
    public static Func<Tensor<double>[], double> Distance(Func<double[], double> distance) => x =>
    {
        Shape shape = x[0].Shape;
        foreach (Tensor<double> tensor in x)
            shape = Shape.Broadcast(shape, tensor.Shape);
        double[][] all = [.. x.Select(tensor => tensor.BroadcastTo(shape).ToArray())];
        double least = double.PositiveInfinity;
        for (int i = 0; i < shape.Length; i++)
            least = Math.Min(least, distance([.. all.Select(values => values[i])]));
        return least;
    };

    public static OperatorRow Referring(this OperatorRow row, Func<Precise, Precise> reference, double ulp, double low = -1e6, double high = 1e6) =>
        row with { Reference = x => reference(x[0]), UlpBudget = ulp, ReferenceRange = (low, high) };

    public static OperatorRow Referring(this OperatorRow row, Func<Precise, Precise, Precise> reference, double ulp = 0.5) =>
        row with { Reference = x => reference(x[0], x[1]), UlpBudget = ulp };

    public static OperatorRow Referring(this OperatorRow row, Func<Precise, Precise, Precise> reference, double ulp, (double, double) first, (double, double) second) =>
        row with { Reference = x => reference(x[0], x[1]), UlpBudget = ulp, ReferenceRange = first, SecondReferenceRange = second };

    public static OperatorRow Claiming(this OperatorRow row, Convexity convexity) => row with { Convexity = convexity };

    public static OperatorRow Neither(this OperatorRow row, (double, double) convexityFails, (double, double) concavityFails) =>
        row with { Convexity = Convexity.Neither, Counterexample = new(convexityFails, concavityFails) };

    public static OperatorRow Kinked(this OperatorRow row, Func<double[], double> distance) => row with { KinkDistance = Distance(distance) };

    public static OperatorRow Stating(this OperatorRow row, params StatedPoint[] points) => row with { Stated = points };
}
