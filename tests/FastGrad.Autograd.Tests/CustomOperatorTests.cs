namespace FastGrad.Autograd.Tests;

/// <summary>Functions with derivatives of one's own, gradients by sample, and the other products with the Hessian.</summary>
public sealed class CustomOperatorTests
{
    [Fact]
    public void AStraightThroughGradientIsTheUsers()
    {
        CustomOperator<double> sign = new("sign, straight through", x => x[0].Map(default(Kernels.Elementwise.Operators.Sign<double>)), (x, y, dy, i) => dy);
        Tensor<double> x = Tensor.From(-2.0, 0.5);
        x.RequiresGrad = true;
        Tensor<double> y = sign.Apply(x);
        Assert.Equal([-1.0, 1], y.ToArray());
        (y * Tensor.From(3.0, 5)).Sum().Backward();
        Assert.Equal([3.0, 5], x.Grad!.ToArray());
        Assert.Throws<NotSupportedException>(() => Transforms.Jvp<double>(v => sign.Apply(v), x.Detach(), x.Detach()));
    }

    [Fact]
    public void ItsDerivativesAreDifferentiatedAgain()
    {
        // x·|x|^(1/2)-like functions aside: cube with a derivative of its own, 3x², whose derivative is 6x.
        CustomOperator<double> cube = new("cube", x => x[0] * x[0] * x[0], (x, y, dy, i) => dy * (3 * x[0] * x[0]), (x, y, t) => t[0]! * (3 * x[0] * x[0]));
        Tensor<double> at = Tensor.From(1.5, -0.25), v = Tensor.From(2.0, 7);
        double[] expected = [6 * 1.5 * 2, 6 * -0.25 * 7];
        Assert.Equal(expected, Transforms.Hvp<double>(x => cube.Apply(x).Sum(), at, v).ToArray());
        Assert.Equal(expected, Transforms.Vhp<double>(x => cube.Apply(x).Sum(), at, v).ToArray());
    }

    [Fact]
    public void SeveralInputsHaveAGradientEach()
    {
        CustomOperator<double> product = new("product", x => x[0] * x[1], (x, y, dy, i) => dy * x[1 - i]);
        Tensor<double> a = Tensor.Scalar(3.0), b = Tensor.Scalar(4.0);
        a.RequiresGrad = b.RequiresGrad = true;
        product.Apply(a, b).Backward();
        Assert.Equal((4.0, 3.0), (a.Grad!.Item(), b.Grad!.Item()));
    }

    [Fact]
    public void AStoppedGradientIsZero()
    {
        Assert.Equal(2.0, Transforms.Grad<double>(x => x * x.Detach())(Tensor.Scalar(2.0)).Item()); // x² would give 4
    }

    [Fact]
    public void JacobianByEitherModeIsTheSame()
    {
        Tensor<double> x = Tensor.From(0.2, 0.7);
        Func<Tensor<double>, Tensor<double>> f = v => (v.Reshape([2, 1]) * v.Reshape([1, 2])).Sin();
        Tensor<double> rows = Transforms.Jacobian(f, x, DerivativeMode.Reverse), columns = Transforms.Jacobian(f, x, DerivativeMode.Forward);
        Assert.Equal(rows.Shape, columns.Shape);
        for (int i = 0; i < 2; i++)
        {
            for (int j = 0; j < 2; j++)
            {
                for (int k = 0; k < 2; k++)
                {
                    double slope = Math.Cos(x[i] * x[j]) * ((k == i ? x[j] : 0) + (k == j ? x[i] : 0));
                    Assert.Equal(slope, rows[i, j, k], 1e-15);
                    Assert.Equal(slope, columns[i, j, k], 1e-15);
                }
            }
        }
    }

    [Fact]
    public void AGradientForEachSample()
    {
        // ½(w·x − t)²: the gradient of sample i is (w·xᵢ − tᵢ)·xᵢ.
        double[,] inputs = { { 1, 2 }, { -3, 0.5 }, { 0.25, 4 } };
        double[] targets = [0.5, -1, 2], w = [0.3, -0.7];
        Tensor<double>[] gradients = Transforms.PerSampleGradients<double>(
            (theta, one) => 0.5 * ((one[0] * theta[0]).Sum() - one[1]).Map(default(Kernels.Elementwise.Operators.Square<double>)).Sum(),
            [Tensor.From<double>(w)],
            Tensor.From(inputs),
            Tensor.From<double>(targets));
        Assert.Equal(Shape.Create(3, 2), gradients[0].Shape);
        for (int i = 0; i < 3; i++)
        {
            double error = w[0] * inputs[i, 0] + w[1] * inputs[i, 1] - targets[i];
            for (int j = 0; j < 2; j++)
                Assert.Equal(error * inputs[i, j], gradients[0][i, j], 1e-15);
        }
        Assert.Throws<ArgumentException>(() => Transforms.PerSampleGradients<double>((t, b) => b[0].Sum(), [], Tensor.From(1.0, 2), Tensor.From(1.0)));
    }
}
