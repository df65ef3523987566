namespace FastGrad.Autograd.Tests;

/// <summary>No elements, no axes, axes of length 1: values, and gradients of the right shape, eager and functional.</summary>
public sealed class EmptyAndScalarTests
{
    public static TheoryData<string, Func<Tensor<double>, Tensor<double>>, int[], int[]> Empty => new()
    {
        { "exp", x => x.Exp(), [0], [0] },
        { "times a row", x => x * Tensor.From(1.0, 2, 3), [0, 3], [0, 3] },
        { "times a scalar", x => x * 2.0, [2, 0], [2, 0] },
        { "stretched against nothing", x => x + Tensor.Zeros<double>([0, 3]), [1, 3], [0, 3] },
        { "maximum", x => x.Maximum(x), [0], [0] },
        { "sum", x => x.Sum(), [0], [] },
        { "sum over the empty axis", x => x.Sum([0]), [0, 3], [3] },
        { "sum over the other axis", x => x.Sum([1]), [0, 3], [0] },
        { "sum over both", x => x.Sum([0, 2]), [0, 3, 2], [3] },
        { "mean over the other axis", x => x.Mean([1]), [0, 3], [0] },
        { "max over the other axis", x => x.Max(1), [0, 3], [0] },
        { "reshape", x => x.Reshape([3, 0]), [0, 2], [3, 0] },
        { "transpose", x => x.Transpose(), [0, 2], [2, 0] },
        { "slice of nothing", x => x.Slice(0, 3, 0), [3, 2], [0, 2] },
        { "slice of an empty axis", x => x.Slice(0, 0, 0), [0, 2], [0, 2] },
        { "concatenate with nothing", x => TensorShapes.Concatenate(0, x, Tensor.Zeros<double>([2, 3]), x), [0, 3], [2, 3] },
        { "broadcast to nothing", x => x.BroadcastTo([0, 3]), [3], [0, 3] },
        { "matmul, no rows", x => x.MatMul(Tensor.Ones<double>([3, 2])), [0, 3], [0, 2] },
        { "matmul, no inner axis", x => x.MatMul(Tensor.Ones<double>([0, 2])), [3, 0], [3, 2] },
        { "matmul, no columns", x => x.MatMul(Tensor.Ones<double>([3, 0])), [2, 3], [2, 0] },
        { "matmul, rows of no inner axis", x => x.MatMul(Tensor.Ones<double>([0, 4])), [2, 3, 0], [2, 3, 4] },
        { "matmul, by no inner axis", x => Tensor.Ones<double>([2, 3, 0]).MatMul(x), [0, 4], [2, 3, 4] },
        { "matmul, no batch", x => x.MatMul(Tensor.Ones<double>([0, 3, 2])), [0, 2, 3], [0, 2, 2] },
        { "linear, no rows", x => x.Linear(Tensor.Ones<double>([2, 3]), Tensor.Ones<double>([2])), [0, 3], [0, 2] },
        { "linear, no inputs", x => x.Linear(Tensor.Ones<double>([2, 0]), Tensor.Ones<double>([2])), [3, 0], [3, 2] },
        { "linear, no outputs", x => x.Linear(Tensor.Ones<double>([0, 3])), [2, 2, 3], [2, 2, 0] },
        { "linear by a weight of no inputs", x => Tensor.Ones<double>([3, 2, 0]).Linear(x), [4, 0], [3, 2, 4] },
        { "linear by a weight of no outputs", x => Tensor.Ones<double>([3, 2, 2]).Linear(x), [0, 2], [3, 2, 0] },
        { "softmax of no rows", x => x.Softmax(), [0, 3], [0, 3] },
        { "log-softmax of no rows", x => x.LogSoftmax(), [0, 3], [0, 3] },
        { "logsumexp of no rows", x => x.LogSumExp(), [0, 3], [0] },
        { "product over the other axis", x => x.Prod([1]), [0, 3], [0] },
        { "running product", x => x.CumProd(1), [0, 3], [0, 3] },
        { "roll", x => x.Roll(1, 1), [0, 3], [0, 3] },
        { "concatenate along another axis", x => TensorShapes.Concatenate(0, x, x), [3, 0], [6, 0] },
        { "stack", x => TensorRearrangements.Stack(0, x, x), [0, 3], [2, 0, 3] },
        { "cross entropy of no rows", x => x.SoftmaxCrossEntropy(Tensor.Zeros<int>([0])), [0, 3], [0] },
        { "pick of no rows", x => x.PickLabels(Tensor.Zeros<int>([0])), [0, 3], [0] },
    };

    [Theory]
    [MemberData(nameof(Empty))]
    public void EmptyTensorsHaveValuesAndGradients(string name, Func<Tensor<double>, Tensor<double>> f, int[] from, int[] to)
    {
        Shape shape = Shape.Create(from);
        Tensor<double> x = Tensor.Ones<double>(shape);
        // What an operation leaves unwritten shows: the pool's memory is full of NaN.
        using (new TensorScope())
        {
            for (int i = 0; i < 16; i++)
                Tensor.Full<double>([16], double.NaN);
        }
        using TensorScope scope = new();
        Tensor<double> leaf = x.Clone();
        leaf.RequiresGrad = true;
        Tensor<double> y = f(leaf);
        Assert.Equal(Shape.Create(to), y.Shape);
        Assert.DoesNotContain(y.ToArray(), double.IsNaN);
        y.Backward(Tensor.Ones<double>(y.Shape));
        Assert.Equal(shape, leaf.Grad!.Shape);
        Tensor<double> functional = Transforms.Vjp(f, x).Pullback(Tensor.Ones<double>(y.Shape));
        Assert.Equal(shape, functional.Shape);
        Assert.Equal(leaf.Grad.ToArray(), functional.ToArray());
        Assert.Equal(y.Shape, Transforms.Jvp(f, x, Tensor.Ones<double>(shape)).Tangent.Shape);
        Assert.NotEmpty(name);
    }

    [Fact]
    public void NoInnerAxisGivesZerosAndTheBias()
    {
        Assert.Equal(new double[6], Tensor.Ones<double>([3, 0]).MatMul(Tensor.Ones<double>([0, 2])).ToArray());
        Assert.Equal(new double[24], Tensor.Ones<double>([2, 3, 0]).MatMul(Tensor.Ones<double>([0, 4])).ToArray());
        Assert.Equal([5.0, 7, 5, 7], Tensor.Ones<double>([2, 0]).Linear(Tensor.Ones<double>([2, 0]), Tensor.From(5.0, 7)).ToArray());
        Assert.Equal([0.0, 0, 0], Tensor.Ones<double>([0, 3]).Sum([0]).ToArray());
        Assert.True(double.IsNaN(Tensor.Ones<double>([0]).Mean().Item()));
        Assert.Throws<ArgumentException>(() => Tensor.Ones<double>([0]).Max());
        Assert.Throws<ArgumentException>(() => Tensor.Ones<double>([2, 0]).Max(1));
        Assert.Throws<ArgumentException>(() => Tensor.Ones<double>([2, 0]).Softmax());
    }

    [Fact]
    public void ScalarsHaveNoAxes()
    {
        Tensor<double> x = Tensor.Scalar(3.0);
        x.RequiresGrad = true;
        (x * x + x.Sum() + x.Reshape([1, 1]).Sum() + x.BroadcastTo([2]).Sum() + x.Flatten().Sum()).Backward();
        Assert.Equal(6.0 + 1 + 1 + 2 + 1, x.Grad!.Item());
        Assert.Equal(0, x.Grad.Rank);
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Sum([0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Slice(0, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Transpose());
        Assert.ThrowsAny<ArgumentException>(() => x.Softmax());
        Assert.Throws<ArgumentException>(() => x.MatMul(x));
    }

    [Fact]
    public void AxesOfLengthOneReduceAndStretch()
    {
        Tensor<double> x = Tensor.From<double>([1.0, 2, 3], [1, 3, 1]);
        x.RequiresGrad = true;
        Tensor<double> y = x.Max(0).Sum([1]) * x.Sum([0, 2]) + x.Transpose(0, 2).Reshape([3]) + x.Softmax().Reshape([3]);
        Assert.Equal([1.0 + 1 + 1, 4 + 2 + 1, 9 + 3 + 1], y.ToArray());
        y.Sum().Backward();
        Assert.Equal([2.0 + 1, 4 + 1, 6 + 1], x.Grad!.ToArray());
    }

    /// <summary>A reduction of a tensor without elements may leave axes that have some: their number must be one too.</summary>
    [Fact]
    public void ShapesThatOnlyAZeroMakesSmallAreRefused()
    {
        Assert.Contains("[0, 2147483647, 2147483647]", Assert.Throws<ArgumentOutOfRangeException>(() => Shape.Create(0, int.MaxValue, int.MaxValue)).Message, StringComparison.Ordinal);
        Assert.Contains("multiply", Assert.Throws<ArgumentOutOfRangeException>(() => Shape.Create(int.MaxValue, 2, 0)).Message, StringComparison.Ordinal);
        Assert.True(Shape.Create(0, int.MaxValue).Reduce([0], keepAxes: false) == Shape.Create(int.MaxValue));
    }

    [Fact]
    public void SizesBeyondAnArrayAreNamed()
    {
        Tensor<double> x = Tensor.Zeros<double>([1, 1, 4, 4]);
        Assert.Contains("2147483647", Assert.Throws<ArgumentException>(() => x.Pad([int.MaxValue, int.MaxValue], PadMode.Replicate)).Message, StringComparison.Ordinal);
        Tensor<double> columns = Tensor.Zeros<double>([1, 4, 9]);
        Assert.True(columns.Fold((4, 4), (2, 2)).Shape == [1, 1, 4, 4]);
        Assert.Contains("hold a window", Assert.Throws<ArgumentException>(() => columns.Fold((int.MaxValue, 4), (2, 2), padding: 2)).Message, StringComparison.Ordinal);
        Assert.Contains("hold a window", Assert.Throws<ArgumentException>(() => columns.Fold((1, 1), (2, 2), stride: 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => columns.Fold((4, 4), (0, 2)));
    }
}
