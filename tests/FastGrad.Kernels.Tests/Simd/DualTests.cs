using FastGrad.Kernels.Simd;
using Xunit;
using D = FastGrad.Kernels.Simd.Dual<FastGrad.Kernels.Simd.Lane<double>, double>;
using DD = FastGrad.Kernels.Simd.Dual<FastGrad.Kernels.Simd.Dual<FastGrad.Kernels.Simd.Lane<double>, double>, double>;
using L = FastGrad.Kernels.Simd.Lane<double>;

namespace FastGrad.Kernels.Tests.Simd;

/// <summary>Dual numbers against derivatives in closed form.</summary>
public sealed class DualTests
{
    private const double X = 1.7, P = 0.3, Y = -2.4, Q = 1.1; // x + p·ε, y + q·ε

    private static readonly D s_x = new(new L(X), new L(P)), s_y = new(new L(Y), new L(Q));

    [Fact]
    public void Arithmetic()
    {
        Close(P + Q, s_x + s_y);
        Close(P - Q, s_x - s_y);
        Close(P * Y + X * Q, s_x * s_y);
        Close((P * Y - X * Q) / (Y * Y), s_x / s_y);
        Close(-P, -s_x);
        Close(P * Y + X * Q + 5, D.FusedMultiplyAdd(s_x, s_y, new(new L(4), new L(5))));
        Close(P / (2 * Math.Sqrt(X)), D.Sqrt(s_x));
        Close(-Q, D.Abs(s_y));
        Close(1, D.Abs(D.Variable(new L(0)))); // of the branch x ≥ 0: bodies of smooth functions are spelled with |x|
        Close(P, D.Max(s_x, s_y));
        Close(Q, D.Min(s_x, s_y));
        Close(Q, D.Max(s_x, new(s_x.Value, new L(Q)))); // a tie takes the second
        Close(-P, D.CopySign(s_x, s_y));
        Close(-Q, D.CopySign(s_y, s_x));
        Close(P, D.Select(D.GreaterThan(s_x, s_y), s_x, s_y));
        Close(Q, D.Select(D.Not(D.GreaterThan(s_x, s_y)), s_x, s_y));
        Close(0, D.Round(s_x));
        Close(0, D.Floor(s_x));
        Close(0, D.Ceiling(s_x));
        Close(0, D.Truncate(s_x));
        Close(0, D.Constant(3));
        Close(1, D.Variable(new L(3)));
    }

    [Fact]
    public void ValuesAreTheScalarsOnes()
    {
        Assert.Equal(X * Y, (s_x * s_y).Value.Value);
        Assert.Equal(X / Y, (s_x / s_y).Value.Value);
        Assert.Equal(Math.FusedMultiplyAdd(X, Y, 4), D.FusedMultiplyAdd(s_x, s_y, D.Constant(4)).Value.Value);
        Assert.Equal(-X, D.CopySign(s_x, s_y).Value.Value);
    }

    /// <summary>Second derivatives of x³, 1/x, √x, eˣ, log x, sin x and tanh x.</summary>
    [Theory]
    [InlineData(0.3)]
    [InlineData(0.9)]
    [InlineData(2.5)]
    public void NestedTwice(double x)
    {
        DD v = new(new(new L(x), new L(1)), new(new L(1), new L(0)));
        Second(6 * x, v * v * v);
        Second(2 / (x * x * x), DD.Constant(1) / v);
        Second(-0.25 * Math.Pow(x, -1.5), DD.Sqrt(v));
        Second(Math.Exp(x), FastGrad.Kernels.Functions.Exp<double>.Of(v));
        Second(-1 / (x * x), FastGrad.Kernels.Functions.Log<double>.Of(v));
        Second(-Math.Sin(x), FastGrad.Kernels.Functions.Sin<double>.Of(v));
        Second(-2 * Math.Tanh(x) / Math.Pow(Math.Cosh(x), 2), FastGrad.Kernels.Functions.Tanh<double>.Of(v));

        static void Second(double expected, DD actual) =>
            Assert.Equal(expected, actual.Tangent.Tangent.Value, Math.Abs(expected) * 1e-13 + 1e-14);
    }

    private static void Close(double expected, D actual) =>
        Assert.Equal(expected, actual.Tangent.Value, Math.Abs(expected) * 1e-15);
}
