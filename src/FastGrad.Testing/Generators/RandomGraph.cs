using System.Numerics;
using FastGrad.Autograd;
using FsCheck;
using FsCheck.Fluent;

namespace FastGrad.Testing.Generators;

/// <summary>A random expression: a directed acyclic graph of smooth operations with shared values, broadcasting and views.</summary>
/// <remarks>Operations are chosen and bounded so that values stay moderate and derivatives exist everywhere.</remarks>
/// <param name="Steps">The operations, each on values that came before.</param>
public sealed record RandomGraph(IReadOnlyList<GraphStep> Steps)
{
    private const int MostElements = 48;

    /// <summary>The shapes of the leaves that <see cref="Evaluate"/> takes.</summary>
    public static IReadOnlyList<Shape> LeafShapes { get; } = [[2, 3], [3], [2, 1], []];

    /// <summary>Graphs of up to <paramref name="size"/> operations; they shrink by losing operations.</summary>
    public static Arbitrary<RandomGraph> Arbitrary(int size = 12) => Arb.From(
        from count in Gen.Choose(1, size)
        from steps in Gen.ArrayOf(
            from operation in Gen.Choose(0, 1000)
            from left in Gen.Choose(0, 1000)
            from right in Gen.Choose(0, 1000)
            from detail in Gen.Choose(0, 1000)
            select new GraphStep(operation, left, right, detail), count)
        select new RandomGraph(steps),
        graph => Enumerable.Range(0, graph.Steps.Count).Select(i => new RandomGraph([.. graph.Steps.Where((_, k) => k != i)])));

    /// <summary>The graph's value: a scalar that every operation contributes to.</summary>
    /// <param name="leaves">Tensors of <see cref="LeafShapes"/>.</param>
    public Tensor<T> Evaluate<T>(IReadOnlyList<Tensor<T>> leaves)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(leaves);
        List<Tensor<T>> values = [.. leaves];
        Tensor<T> total = Tensor.Scalar(T.Zero);
        foreach (GraphStep step in Steps)
        {
            Tensor<T> value = Apply(step.Operation % 24, values[step.Left % values.Count], values[step.Right % values.Count], step.Detail);
            if (value.Length > MostElements)
                value = value.Mean([0]);
            values.Add(value);
            total += value.Sin().Mean();
        }
        return total;
    }

    private static Tensor<T> Apply<T>(int operation, Tensor<T> x, Tensor<T> y, int detail)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int axis = x.Rank == 0 ? 0 : detail % x.Rank;
        return operation switch
        {
            0 => x.Tanh(),
            1 => x.Sigmoid(),
            2 => x.Sin() * x,
            3 => x.Softplus(),
            4 => x.Silu(),
            5 => x.Gelu(),
            6 => x.GeluTanh(),
            7 => x.Tanh().Exp(),
            8 => x.Square().Log1p(),
            9 => (x.Square() + T.One).Sqrt(),
            10 or 11 => x + Fitting(x, y),
            12 => Fitting(x, y) - x,
            13 => x * Fitting(x, y).Tanh(),
            14 => x / (Fitting(x, y).Square() + T.One),
            15 => x.Rank < 2 ? -x : x.Transpose(detail % x.Rank, -1),
            16 => x.Rank == 0 ? x.Reshape([1, 1]) : x.Slice(axis, detail % x.Shape[axis], (x.Shape[axis] - detail % x.Shape[axis] + 1) / 2, 2),
            17 => x.Rank == 0 ? x.BroadcastTo([2]) : x.Sum([axis], keepAxes: detail % 2 == 0),
            18 => x.Rank == 0 ? x.Erf() : x.Mean([axis], keepAxes: detail % 2 == 0),
            19 => x.Rank == 0 ? x.Cos() : x.Softmax(axis),
            20 => x.Rank == 0 ? x.Expm1().Tanh() : detail % 2 == 0 ? x.LogSumExp() : x.LogSoftmax(axis),
            21 => x.Rank < 2 ? x.Flatten() : x.MatMul(x.Transpose()) / T.CreateTruncating(4),
            22 => x.Rank == 0 ? x * x.Tanh() : TensorShapes.Concatenate(axis, x, x.Sin(), x),
            _ => x.Rank == 2 && y.Rank >= 1 && y.Shape[-1] == x.Shape[1] ? y.Linear(x).Tanh() : x.Reshape([x.Length]),
        };
    }

    // The second operand if the shapes broadcast to something small, else its mean, which always does.
    private static Tensor<T> Fitting<T>(Tensor<T> x, Tensor<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rank = Math.Max(x.Rank, y.Rank), length = 1;
        for (int i = 1; i <= rank; i++)
        {
            int a = i <= x.Rank ? x.Shape[-i] : 1, b = i <= y.Rank ? y.Shape[-i] : 1;
            if (a != b && a != 1 && b != 1)
                return y.Mean();
            length *= Math.Max(a, b);
        }
        return length <= MostElements ? y : y.Mean();
    }
}
