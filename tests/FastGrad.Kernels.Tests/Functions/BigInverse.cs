namespace FastGrad.Kernels.Tests.Functions;

/// <summary>Inverse trigonometric and hyperbolic functions of <see cref="BigFloat"/>, by halving the angle and Taylor's series, or by logarithms.</summary>
public static class BigInverse
{
    /// <summary>arctan x: seven times atan x = 2·atan(x/(1 + √(1 + x²))), then the series.</summary>
    public static BigFloat Atan(BigFloat x)
    {
        if (x.IsZero)
            return x;
        const int halvings = 7;
        for (int i = 0; i < halvings; i++)
            x /= 1 + (1 + x * x).Sqrt();
        BigFloat square = x * x, power = x, sum = x;
        for (int k = 3; power.Exponent > sum.Exponent - BigFloat.Precision - 8; k += 2)
        {
            power *= -square;
            sum += power / k;
        }
        return sum.ScaleB(halvings);
    }

    public static BigFloat Asin(BigFloat x) => x.Abs() < 1 ? Atan(x / ((1 - x) * (1 + x)).Sqrt()) : x.Sign * BigMath.Pi.ScaleB(-1);

    public static BigFloat Acos(BigFloat x) => x.Sign < 0 ? BigMath.Pi - Acos(-x) : 2 * Asin(((1 - x).ScaleB(-1)).Sqrt());

    /// <summary>The angle of (y, x) for y ≠ 0.</summary>
    public static BigFloat Atan2(BigFloat x, BigFloat y)
    {
        BigFloat angle = Atan(x.Abs() / y.Abs());
        if (y.Sign < 0)
            angle = BigMath.Pi - angle;
        return x.Sign < 0 ? -angle : angle;
    }

    public static BigFloat Asinh(BigFloat x)
    {
        BigFloat a = x.Abs();
        BigFloat y = BigMath.Log1p(a + a * a / (1 + (1 + a * a).Sqrt()));
        return x.Sign < 0 ? -y : y;
    }

    public static BigFloat Acosh(BigFloat x)
    {
        BigFloat t = x - 1;
        return t.IsZero ? t : BigMath.Log1p(t + (t * (t + 2)).Sqrt());
    }

    public static BigFloat Atanh(BigFloat x) => BigMath.Log1p(2 * x / (1 - x)).ScaleB(-1);

    public static BigFloat Cbrt(BigFloat x)
    {
        if (x.IsZero)
            return x;
        BigFloat a = x.Abs(), y = BigMath.Exp(BigMath.Log(a) / 3);
        return x.Sign < 0 ? -y : y;
    }

    public static BigFloat Sinh(BigFloat x)
    {
        BigFloat e = BigMath.Expm1(x.Abs()), y = (e + e / (1 + e)).ScaleB(-1);
        return x.Sign < 0 ? -y : y;
    }

    public static BigFloat Cosh(BigFloat x) => (BigMath.Exp(x) + BigMath.Exp(-x)).ScaleB(-1);
}
