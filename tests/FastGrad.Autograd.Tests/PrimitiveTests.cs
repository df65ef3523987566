namespace FastGrad.Autograd.Tests;

/// <summary>Every primitive: first and second derivatives, forward and reverse, fused and functional, against differences.</summary>
public sealed class PrimitiveTests
{
    private static readonly Tensor<double> s_x = Points(2, 3, 4);
    private static readonly Tensor<double> s_row = Tensor.From<double>(0.7, -1.1, 0.4, 1.9);
    private static readonly Tensor<double> s_weight = Points(5, 4) * 0.5;
    private static readonly Tensor<int> s_labels = Tensor.From([1, 3, 0, 2, 2, 1], [2, 3]);

    public static TheoryData<string, Func<Tensor<double>, Tensor<double>>> Operations => new()
    {
        { "add", x => (x + s_row).Exp().Sum() },
        { "subtract", x => (s_row - x * x).Square().Mean() },
        { "multiply broadcast", x => (x * s_row.Reshape([4]) * x).Sum() },
        { "multiply by a column", x => (x * x.Slice(2, 1, 1)).Square().Sum() },
        { "divide", x => (x / (2.0 + x * x)).Sum() },
        { "divide by the variable", x => (s_row / (3.0 + x)).Square().Sum() },
        { "negate, exp", x => (-x).Exp().Sum() },
        { "sqrt", x => (x * x + 0.5).Sqrt().Sum() },
        { "log", x => (x * x + 0.5).Log().Sum() },
        { "log1p", x => (x * x).Log1p().Sum() },
        { "expm1", x => (x * 0.5).Expm1().Square().Sum() },
        { "tanh", x => (x.Tanh() * s_row).Sum() },
        { "sigmoid", x => (x.Sigmoid() * s_row).Sum() },
        { "erf", x => (x.Erf() * s_row).Sum() },
        { "sin", x => (x.Sin() * x.Cos()).Sum() },
        { "square", x => (x.Square() * x).Sum() },
        { "reciprocal", x => (x.Square() + 1.0).Reciprocal().Sum() },
        { "silu", x => (x.Silu() * s_row).Sum() },
        { "gelu", x => (x.Gelu() * s_row).Sum() },
        { "gelu tanh", x => (x.GeluTanh() * s_row).Sum() },
        { "softplus", x => (x.Softplus() * s_row).Sum() },
        { "relu", x => (x.Relu() * x).Sum() },
        { "leaky relu", x => (x.LeakyRelu(0.1) * x).Sum() },
        { "elu", x => (x.Elu(1.3) * x).Sum() },
        { "abs", x => (x.Abs() * x.Abs() * x).Sum() },
        { "maximum", x => x.Maximum(x * x).Square().Sum() },
        { "minimum", x => x.Minimum(x * x).Square().Sum() },
        { "sum over an inner axis", x => x.Square().Sum([1]).Exp().Sum() },
        { "sum over outer axes", x => x.Sum([0, 1]).Square().Sum() },
        { "sum over split axes", x => x.Square().Sum([0, 2], keepAxes: true).Square().Sum() },
        { "mean", x => x.Square().Mean([2]).Square().Sum() },
        { "max", x => x.Max(1).Square().Sum() },
        { "max of all", x => x.Max().Square() },
        { "reshape", x => (x.Reshape([4, 6]) * Points(4, 6)).Square().Sum() },
        { "permute", x => (x.Permute(2, 0, 1) * Points(4, 2, 3)).Square().Sum() },
        { "reshape of a transposed", x => (x.Transpose().Reshape([8, 3]) * Points(8, 3)).Square().Sum() },
        { "slice with a step", x => (x.Slice(2, 1, 2, 2) * x.Slice(2, 0, 2)).Square().Sum() },
        { "select", x => x.Select(1, 2).Square().Sum() },
        { "concatenate", x => (TensorShapes.Concatenate(1, x, x * x, x) * Points(2, 9, 4)).Square().Sum() },
        { "broadcast", x => (x.Sum([1], keepAxes: true).BroadcastTo([2, 3, 4]) * x).Sum() },
        { "sum to", x => x.SumTo([3, 1]).Square().Sum() },
        { "matmul", x => x.Reshape([6, 4]).MatMul(s_weight.Transpose()).Square().Sum() },
        { "matmul with itself", x => x.Reshape([6, 4]).MatMul(x.Reshape([6, 4]).Transpose()).Square().Sum() },
        { "matmul over batches", x => x.MatMul(x.Transpose()).Square().Sum() },
        { "matmul, flat batches", x => x.MatMul(Points(4, 2)).Square().Sum() },
        { "linear", x => x.Linear(s_weight, Points(5)).Square().Sum() },
        { "linear, by weight", x => Points(7, 4).Linear(x.Reshape([6, 4]), x.Reshape([24]).Slice(0, 0, 6)).Square().Sum() },
        { "softmax", x => (x.Softmax() * Points(2, 3, 4)).Sum() },
        { "softmax along an inner axis", x => (x.Softmax(1) * Points(2, 3, 4)).Sum() },
        { "log-softmax", x => (x.LogSoftmax() * Points(2, 3, 4)).Sum() },
        { "logsumexp", x => x.LogSumExp().Square().Sum() },
        { "pick labels", x => x.PickLabels(s_labels).Square().Sum() },
        { "softmax cross entropy", x => x.SoftmaxCrossEntropy(s_labels).Square().Sum() },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void FirstDerivativesAgreeWithDifferences(string name, Func<Tensor<double>, Tensor<double>> f)
    {
        Assert.NotEmpty(name);
        FiniteDifferences.AssertGradient(f, s_x);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void SecondDerivativesAgreeWithDifferences(string name, Func<Tensor<double>, Tensor<double>> f)
    {
        Assert.NotEmpty(name);
        FiniteDifferences.AssertHessian(f, s_x);
    }

    // Irregular points, away from kinks and ties.
    private static Tensor<double> Points(params int[] axes)
    {
        Shape shape = Shape.Create(axes);
        return Tensor.From<double>([.. Enumerable.Range(0, shape.Length).Select(i => 1.3 * Math.Sin(1.9 * i + 0.4) + 0.05 * Math.Cos(7.1 * i))], shape);
    }

    [Fact]
    public void MatricesWithoutElementsHaveGradientsOfZeros()
    {
        Tensor<double> x = Tensor.Ones<double>([2, 3, 4]), none = Tensor.Zeros<double>([0, 4]);
        x.RequiresGrad = none.RequiresGrad = true;
        using (TensorScope scope = new())
            Tensor.Full([2, 3, 4], 99.0); // what memory that nobody writes would hold
        using TensorScope outer = new();
        (x * 1.0).Linear(none).Sum().Backward();
        Assert.Equal(new double[24], x.Grad!.ToArray());
        Assert.Equal(new double[24], Transforms.Gradients((x * 1.0).Linear(none).Sum(), [x])[0].ToArray());

        Tensor<double> a = Tensor.Zeros<double>([2, 3, 0]), b = Tensor.Zeros<double>([0, 4]);
        a.RequiresGrad = b.RequiresGrad = true;
        Assert.Equal([new Shape[] { [2, 3, 0], [0, 4] }], [Transforms.Gradients(a.MatMul(b).Sum(), [a, b]).Select(g => g.Shape).ToArray()]);
    }

    [Fact]
    public void TheGradientOfAMaximumReachesTheChosenElementAlone()
    {
        Tensor<double> x = Tensor.From(1.0, 3.0, 2.0);
        x.RequiresGrad = true;
        x.Max().Backward(Tensor.Scalar(double.PositiveInfinity));
        Assert.Equal([0.0, double.PositiveInfinity, 0.0], x.Grad!.ToArray());
        Assert.Equal(1.0, Transforms.Jvp<double>(v => v.Max(), Tensor.From(1.0, 3.0), Tensor.From(double.NaN, 1.0)).Tangent.Item());
    }
}
