namespace FastGrad.Autograd.Tests;

public sealed class TransformTests
{
    [Fact]
    public void NestedPerturbationsDoNotMix()
    {
        // d/dx [x · d/dy (x + y)] = 1: a confused implementation says 2.
        Tensor<double> x = Tensor.Scalar(3.0), one = Tensor.Scalar(1.0);
        Assert.Equal(1.0, Transforms.Grad<double>(a => a * Transforms.Grad<double>(y => a + y)(one))(x).Item());
        Assert.Equal(1.0, Transforms.Jvp<double>(a => a * Transforms.Jvp<double>(y => a + y, one, one).Tangent, x, one).Tangent.Item());
        Assert.Equal(1.0, Transforms.Jvp<double>(a => a * Transforms.Grad<double>(y => a + y)(one), x, one).Tangent.Item());
        Assert.Equal(1.0, Transforms.Grad<double>(a => a * Transforms.Jvp<double>(y => a + y, one, one).Tangent)(x).Item());
    }

    public static TheoryData<int> Dimensions => [.. Enumerable.Range(2, 99)];

    [Fact]
    public void AGradientOfWhatIsNoScalarIsRefusedInItsOwnWords()
    {
        Tensor<double> x = Tensor.From(1.0, 2);
        foreach (Action ask in (Action[])[() => Transforms.Grad<double>(a => a.Square())(x), () => Transforms.Hessian<double>(a => a.Square(), x)])
            Assert.StartsWith("The function's value has shape [2]; expected a scalar", Assert.Throws<InvalidOperationException>(ask).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Dimensions))]
    public void HessianOfRosenbrockIsTheClosedForm(int n)
    {
        Tensor<double> x = Tensor.From<double>([.. Enumerable.Range(0, n).Select(i => 0.8 + 0.3 * Math.Sin(i))]);
        Tensor<double> hessian = Transforms.Hessian(Rosenbrock, x);
        double[] v = x.ToArray();
        double[,] expected = new double[n, n];
        for (int i = 0; i + 1 < n; i++)
        {
            expected[i, i] += 1200 * v[i] * v[i] - 400 * v[i + 1] + 2;
            expected[i, i + 1] -= 400 * v[i];
            expected[i + 1, i] -= 400 * v[i];
            expected[i + 1, i + 1] += 200;
        }
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                Assert.Equal(expected[i, j], hessian[i, j], 1e-12 * Math.Abs(expected[i, j]));
        }
    }

    [Fact]
    public void DerivativesToFourthOrder()
    {
        Tensor<double> x = Tensor.Scalar(0.7);
        double[] exp = Derivatives(a => a.Exp(), x), fifth = Derivatives(a => a * a * a * a * a, x), log = Derivatives(a => a.Log(), x), tanh = Derivatives(a => a.Tanh(), x);
        double e = Math.Exp(0.7), t = Math.Tanh(0.7), s = 1 - t * t;
        AssertClose([e, e, e, e], exp);
        AssertClose([5 * Math.Pow(0.7, 4), 20 * Math.Pow(0.7, 3), 60 * 0.49, 120 * 0.7], fifth);
        AssertClose([1 / 0.7, -1 / 0.49, 2 / 0.343, -6 / 0.2401], log);
        AssertClose([s, -2 * t * s, s * (6 * t * t - 2), 8 * t * s * (2 - 3 * t * t)], tanh); // y' = 1 − y², differentiated by hand

        static double[] Derivatives(Func<Tensor<double>, Tensor<double>> f, Tensor<double> at)
        {
            double[] values = new double[4];
            for (int k = 0; k < 4; k++)
            {
                f = Transforms.Grad(f);
                values[k] = f(at).Item();
            }
            return values;
        }

        static void AssertClose(double[] expected, double[] actual) => FiniteDifferences.AssertClose(expected, actual, 1e-13);
    }

    [Fact]
    public void JacobianIsTheSameByRowsAndByColumns()
    {
        Tensor<double> w = Tensor.From<double>([.. Enumerable.Range(0, 12).Select(i => Math.Sin(i))], [3, 4]);
        Tensor<double> tall = Transforms.Jacobian<double>(x => x.Linear(w).Tanh(), Tensor.From<double>(0.1, 0.2, -0.3, 0.4));
        Assert.Equal(Shape.Create(3, 4), tall.Shape);
        for (int i = 0; i < 3; i++)
        {
            double z = Enumerable.Range(0, 4).Sum(j => w[i, j] * new[] { 0.1, 0.2, -0.3, 0.4 }[j]);
            for (int j = 0; j < 4; j++)
                Assert.Equal(w[i, j] * (1 - Math.Tanh(z) * Math.Tanh(z)), tall[i, j], 1e-14);
        }
        Tensor<double> wide = Transforms.Jacobian<double>(x => x.BroadcastTo([3]) * Tensor.From(1.0, 2, 3), Tensor.Scalar(2.0));
        Assert.Equal([1.0, 2, 3], wide.ToArray());
    }

    [Fact]
    public void TransformsWorkInsideNoGrad()
    {
        using NoGrad off = new();
        Assert.Equal(6.0, Transforms.Grad<double>(x => x * x)(Tensor.Scalar(3.0)).Item());
        Assert.Equal(2.0, Transforms.Hessian<double>(x => x * x, Tensor.Scalar(3.0)).Item());
    }

    [Fact]
    public void NoGradAndDetachInsideATransformStopIt()
    {
        Assert.Equal(3.0, Transforms.Grad<double>(x => x * x.Detach())(Tensor.Scalar(3.0)).Item());
        Assert.Equal(3.0, Transforms.Jvp<double>(x => x * x.Detach(), Tensor.Scalar(3.0), Tensor.Scalar(1.0)).Tangent.Item());
        Assert.Equal(3.0, Transforms.Grad<double>(x =>
        {
            Tensor<double> constant;
            using (new NoGrad())
                constant = x * 1.0;
            return x * constant;
        })(Tensor.Scalar(3.0)).Item());
    }

    [Fact]
    public void ResultsCanBeReadAsSpans()
    {
        Tensor<double> x = Tensor.From<double>([1, 2, 3, 4], [2, 2]);
        Assert.Equal([1.0, 1, 1, 1], Transforms.Grad<double>(v => v.Sum())(x).AsReadOnlySpan().ToArray());
        Assert.Equal([1.0, 3, 2, 4], Transforms.Jvp<double>(v => v.Transpose(), x, x).Tangent.AsReadOnlySpan().ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => Shape.Create(new int[65]));
        Assert.Equal(0, Shape.Create(int.MaxValue, 1, 0).Length);
    }

    [Fact]
    public void GradientOfAnIndependentFunctionIsZero() =>
        Assert.Equal([0.0, 0.0], Transforms.Grad<double>(_ => Tensor.Scalar(5.0))(Tensor.From(1.0, 2.0)).ToArray());

    [Fact]
    public void EagerCreateGraphGivesSecondDerivatives()
    {
        Tensor<double> x = Tensor.From(0.5, -1.5);
        x.RequiresGrad = true;
        Tensor<double> gradient = Transforms.Gradients((x * x * x).Sum(), [x], createGraph: true)[0];
        (gradient * gradient).Sum().Backward(); // d/dx (3x²)² = 36x³
        FiniteDifferences.AssertClose([36 * 0.125, 36 * -3.375], x.Grad!.ToArray(), 1e-14);
    }

    private static Tensor<double> Rosenbrock(Tensor<double> x)
    {
        Tensor<double> head = x.Slice(0, 0, x.Length - 1), tail = x.Slice(0, 1, x.Length - 1);
        return (100.0 * (tail - head * head).Square() + (1.0 - head).Square()).Sum();
    }

    [Fact]
    public void ReverseOverReverseIsForwardOverReverse()
    {
        // All weights of a network with one hidden layer as one vector.
        Tensor<double> x = Tensor.From<double>([.. Enumerable.Range(0, 15).Select(i => Math.Sin(3 * i))], [5, 3]);
        Tensor<double> theta = Tensor.From<double>([.. Enumerable.Range(0, 21).Select(i => Math.Cos(2 * i))]), v = Tensor.From<double>([.. Enumerable.Range(0, 21).Select(i => Math.Sin(i + 1))]);
        double[] forward = Transforms.Hvp(Loss, theta, v).ToArray(), reverse = Transforms.Vhp(Loss, theta, v).ToArray();
        FiniteDifferences.AssertClose(forward, reverse, 1e-13);
        Assert.True(forward.Max(Math.Abs) > 0.1);

        Tensor<double> Loss(Tensor<double> t)
        {
            Tensor<double> hidden = x.Linear(t.Slice(0, 0, 12).Reshape([4, 3]), t.Slice(0, 12, 4)).Tanh();
            return hidden.Linear(t.Slice(0, 16, 4).Reshape([1, 4]), t.Slice(0, 20, 1)).Sigmoid().Square().Sum();
        }
    }
}
