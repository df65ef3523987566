using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Activations;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Operations of tensors that are made of several operators.</summary>
internal static class CompositionRows
{
    private static readonly Tensor<bool> s_condition = Tensor.From<bool>([true, false, true], [3]);

    public static IEnumerable<OperatorRow> All =>
    [
        Halves("glu", x => x[0].Glu(), x => x[0].Glu(), x => Left(x) * LayerRows.Logistic(Right(x))),
        Halves("swi-glu", x => x[0].SwiGlu(), x => x[0].SwiGlu(), x => Left(x) * LayerRows.Logistic(Left(x)) * Right(x)),
        Halves("ge-glu", x => x[0].GeGlu(), x => x[0].GeGlu(), x => Left(x) * ((Left(x) / Math.Sqrt(2)).Erf() + 1.0) * 0.5 * Right(x)),
        new OperatorRow("relu6", typeof(HardTanh<>), x => x[0].Relu6(), x => x[0].Relu6()) { Cases = [[new([2, 3], -8, 8)]], Stated = [StatedPoint.At(0, 0, 0), StatedPoint.At(6, 6, 0), StatedPoint.At(3, 3, 1)] }
            .Kinked(x => Math.Min(Math.Abs(x[0]), Math.Abs(x[0] - 6))).Like(x => x[0].Maximum(Tensor.Scalar(0.0)).Minimum(Tensor.Scalar(6.0))),
        Rows.Operation("where", typeof(MaskedFill<>), x => x[0].Where(s_condition, x[1]), x => x[0].Where(s_condition, x[1]), x => IndexLoops.Fill([2, 3], i => i[1] == 1 ? x[1][i[1]] : x[0][i]), [[2, 3], [3]])
            .Claiming(Convexity.Affine),
    ];

    private static OperatorRow Halves(string name, Func<Tensor<double>[], Tensor<double>> d, Func<Tensor<float>[], Tensor<float>> s, Func<Tensor<double>[], Tensor<double>> composition) =>
        new OperatorRow(name, typeof(Gated<,>), d, s) { Cases = [[new([2, 4])]] }.Like(composition);

    private static Tensor<double> Left(Tensor<double>[] x) => x[0].Slice(1, 0, 2);

    private static Tensor<double> Right(Tensor<double>[] x) => x[0].Slice(1, 2, 2);
}
