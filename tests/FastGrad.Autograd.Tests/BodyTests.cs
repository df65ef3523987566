using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Autograd.Tests;

/// <summary>Operators from a body alone: the dual and the recorded body differentiate it, at the points where it changes its branch too.</summary>
public sealed class BodyTests
{
    private static readonly double[] s_points = [-1.25, -1e-3, 0, 1e-3, 0.75, 2];

    [Fact]
    public void ABodyAloneHasDerivativesOfAnyOrder()
    {
        // softplus″ = σ(1 − σ), and so on: by hand.
        Func<Tensor<double>, Tensor<double>> first = Transforms.Grad<double>(x => x.Map(default(SoftplusBody<double>)).Sum());
        Func<Tensor<double>, Tensor<double>> second = Transforms.Grad<double>(x => first(x).Sum()), third = Transforms.Grad<double>(x => second(x).Sum());
        Tensor<double> at = Tensor.From<double>(s_points);
        double[] s = [.. s_points.Select(x => 1 / (1 + Math.Exp(-x)))];
        FiniteDifferences.AssertClose(s, first(at).ToArray(), 1e-14);
        FiniteDifferences.AssertClose([.. s.Select(v => v * (1 - v))], second(at).ToArray(), 1e-14);
        FiniteDifferences.AssertClose([.. s.Select(v => v * (1 - v) * (1 - 2 * v))], third(at).ToArray(), 1e-14);
    }

    [Fact]
    public void TheFusedKernelDifferentiatesTheBodyToo()
    {
        Tensor<double> x = Tensor.From<double>(s_points);
        x.RequiresGrad = true;
        x.Map(default(SoftplusBody<double>)).Sum().Backward();
        FiniteDifferences.AssertClose([.. s_points.Select(v => 1 / (1 + Math.Exp(-v)))], x.Grad!.ToArray(), 1e-14);
        Tensor<float> y = Tensor.From<float>([.. s_points.Select(v => (float)v)]);
        y.RequiresGrad = true;
        y.Map(default(SoftplusBody<float>)).Sum().Backward();
        FiniteDifferences.AssertClose([.. s_points.Select(v => 1 / (1 + Math.Exp(-v)))], [.. y.Grad!.ToArray().Select(v => (double)v)], 1e-6);
    }

    [Theory]
    [InlineData("silu", 0.5, 0.5)]
    [InlineData("gelu", 0.5, 0.79788456080286536)]
    [InlineData("gelu-tanh", 0.5, 0.79788456080286536)]
    [InlineData("softplus", 0.5, 0.25)]
    [InlineData("sigmoid", 0.25, 0)]
    [InlineData("tanh", 1, 0)]
    public void SecondDerivativesHoldAtZero(string name, double first, double second)
    {
        Func<Tensor<double>, Tensor<double>> f = name switch
        {
            "silu" => x => x.Silu(),
            "gelu" => x => x.Gelu(),
            "gelu-tanh" => x => x.GeluTanh(),
            "softplus" => x => x.Softplus(),
            "sigmoid" => x => x.Sigmoid(),
            _ => x => x.Tanh(),
        };
        Assert.Equal(first, Transforms.Grad(f)(Tensor.Scalar(0.0)).Item(), 1e-15);
        Assert.Equal(second, Transforms.Hessian(f, Tensor.Scalar(0.0)).Item(), 1e-15);
        Assert.Equal(second, Transforms.Grad(Transforms.Grad(f))(Tensor.Scalar(-0.0)).Item(), 1e-15);
    }

    private readonly struct SoftplusBody<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static Residual Residual => Residual.Input;

        public V Value<V>(V x)
            where V : struct, IArithmetic<V, T> => V.Max(V.Create(T.Zero), x) + Log1p<T>.Of(Exp<T>.Of(-V.Abs(x)));

        public V Derivative<V>(V x)
            where V : struct, IArithmetic<V, T> => Dual.Derivative<SoftplusBody<T>, V, T>(this, x);
    }
}
