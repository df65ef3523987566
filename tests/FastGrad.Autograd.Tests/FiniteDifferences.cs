using FastGrad.Autograd;

namespace FastGrad.Autograd.Tests;

/// <summary>Numeric derivatives by central differences with Richardson extrapolation, and their comparison with analytic ones.</summary>
internal static class FiniteDifferences
{
    /// <summary>∂f/∂x for a scalar-valued f.</summary>
    public static double[] Gradient(Func<Tensor<double>, double> f, Tensor<double> x, double h = 1e-3)
    {
        double[] result = new double[x.Length];
        for (int i = 0; i < result.Length; i++)
        {
            double coarse = Slope(f, x, i, h), fine = Slope(f, x, i, h / 2);
            result[i] = (4 * fine - coarse) / 3; // error O(h⁴)
        }
        return result;
    }

    public static void AssertGradient(Func<Tensor<double>, Tensor<double>> f, Tensor<double> x, double tolerance = 1e-7)
    {
        double[] numeric = Gradient(v => f(v).Item(), x);
        AssertClose(numeric, Transforms.Grad(f)(x).ToArray(), tolerance);

        // The eager tape's fused kernels must agree with the functional forms.
        Tensor<double> leaf = x.Clone();
        leaf.RequiresGrad = true;
        f(leaf).Backward();
        AssertClose(numeric, leaf.Grad!.ToArray(), tolerance);
        AssertClose(Transforms.Grad(f)(x).ToArray(), leaf.Grad!.ToArray(), 1e-13);

        // Forward mode: ∇f·v along a direction with no symmetry.
        Tensor<double> v = Tensor.From<double>([.. Enumerable.Range(0, x.Length).Select(i => Math.Cos(1.7 * i + 0.3))], x.Shape);
        double expected = numeric.Zip(v.ToArray(), (g, d) => g * d).Sum();
        AssertClose([expected], [Transforms.Jvp(f, x, v).Tangent.Item()], tolerance * 10);
    }

    /// <summary>Second derivatives: Hvp in both nestings against differences of the analytic gradient.</summary>
    public static void AssertHessian(Func<Tensor<double>, Tensor<double>> f, Tensor<double> x, double tolerance = 1e-6)
    {
        Tensor<double> v = Tensor.From<double>([.. Enumerable.Range(0, x.Length).Select(i => Math.Sin(2.3 * i + 0.7))], x.Shape);
        Func<Tensor<double>, Tensor<double>> directional = y => (Transforms.Grad(f)(y) * v).Sum();
        double[] numeric = Gradient(y => directional(y).Item(), x);
        AssertClose(numeric, Transforms.Hvp(f, x, v).ToArray(), tolerance);
        AssertClose(numeric, Transforms.Grad(directional)(x).ToArray(), tolerance);
        AssertClose(numeric, Transforms.Grad<double>(y => Transforms.Jvp(f, y, v).Tangent)(x).ToArray(), tolerance);
    }

    public static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(expected[i] - actual[i]);
            Assert.True(error <= tolerance * Math.Max(1, scale), $"element {i}: expected {expected[i]:R}, got {actual[i]:R}, error {error:E2}");
        }
    }

    private static double Slope(Func<Tensor<double>, double> f, Tensor<double> x, int i, double h)
    {
        double at(double shift)
        {
            Tensor<double> moved = x.Clone();
            moved.AsSpan()[i] += shift;
            return f(moved);
        }
        return (at(h) - at(-h)) / (2 * h);
    }
}
