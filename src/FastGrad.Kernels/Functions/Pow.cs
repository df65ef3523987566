using System.Numerics;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>xʸ of host scalars, for schedules and bias corrections; tensors take powers from their own operators.</summary>
/// <remarks>
/// e^(y·log x) with the logarithm and its product with y in double-double arithmetic. Error below 0.7 ulp (double) and
/// 0.51 ulp (float, computed in double), so exact powers come out exact. Special values as in IEEE 754-2019, 9.2.1: x⁰ = 1 and 1ʸ = 1 also for
/// NaN; a negative x takes integer y only, else NaN; (−0)ʸ and (−∞)ʸ keep the sign for odd y; (−1)^±∞ = 1.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public static class Pow<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>xʸ.</summary>
    public static T At(T x, T y) => T.CreateTruncating(Power.Of(double.CreateTruncating(x), double.CreateTruncating(y)));
}

/// <summary>The body of <see cref="Pow{T}"/>, in double.</summary>
file static class Power
{
    public static double Of(double x, double y)
    {
        if (y == 0 || x == 1)
            return 1;
        if (double.IsNaN(x) || double.IsNaN(y))
            return double.NaN;

        double magnitude = Math.Abs(x);
        if (double.IsInfinity(y))
            return magnitude == 1 ? 1 : magnitude > 1 == y > 0 ? double.PositiveInfinity : 0;

        bool odd = double.IsOddInteger(y);
        double sign = double.IsNegative(x) && odd ? -1 : 1;
        if (magnitude == 0)
            return y > 0 ? sign * 0.0 : sign / 0.0;
        if (double.IsInfinity(x))
            return y > 0 ? sign * double.PositiveInfinity : sign * 0.0;
        if (x < 0 && !double.IsInteger(y))
            return double.NaN;

        DoubleDouble log = Log(magnitude);
        double rough = y * log.High;
        if (rough > 710) // past log(MaxValue) = 709.78…
            return sign * double.PositiveInfinity;
        if (rough < -746) // past log(Epsilon / 2) = −745.13…
            return sign * 0.0;
        return sign * Exp(log * y);
    }

    // 2·artanh s + k·ln 2 with s = (m − 1)/(m + 1), |s| ≤ 0.1716.
    private static DoubleDouble Log(double x)
    {
        bool denormal = x < 2.2250738585072014e-308;
        Lane<double> m = LogPolynomial<Lane<double>, double>.Split(new(denormal ? x * 18014398509481984.0 : x), out Lane<double> exponent); // 2⁵⁴
        double k = exponent.Value - (denormal ? 54 : 0);
        DoubleDouble s = (m.Value - 1) / DoubleDouble.Sum(m.Value, 1);
        DoubleDouble z = s * s;

        // artanh s / s = 1 + z/3 + z²/5 + … + z¹³/27: what is left is below 2⁻⁷⁵. From z⁴ on double precision suffices.
        double tail = 0;
        for (int i = 27; i >= 9; i -= 2)
            tail = Math.FusedMultiplyAdd(tail, z.High, 1.0 / i);
        DoubleDouble series = z * tail + new DoubleDouble(1.0 / 7, 7.93016446160826e-18);
        series = z * series + new DoubleDouble(1.0 / 5, -1.1102230246251566e-17);
        series = z * series + new DoubleDouble(1.0 / 3, 1.850371707708594e-17);
        DoubleDouble twice = new(s.High + s.High, s.Low + s.Low);
        return new DoubleDouble(0.6931471805599453, 2.3190468138462996e-17) * k + (twice + twice * (z * series));
    }

    private static double Exp(DoubleDouble p)
    {
        double n = Math.Round(p.High * 1.4426950408889634); // 1 / ln 2
        DoubleDouble r = Math.FusedMultiplyAdd(n, -0.69314718036912382, p.High); // ln 2 in 32 bits: exact
        r = r + new DoubleDouble(-1.9082149292705877e-10, -1.1612227229362532e-26) * n + p.Low; // the rest of ln 2
        Lane<double> q = ExpPolynomial<Lane<double>, double>.Quadratic(new(r.High));

        // eʳ = 1 + r + r²·q(r), summed from the small end.
        DoubleDouble one = DoubleDouble.Sum(1, r.High);
        double small = Math.FusedMultiplyAdd(r.High * r.High, q.Value, Math.FusedMultiplyAdd(r.High, r.Low, r.Low));
        double y = one.High + (one.Low + small);
        return Lane<double>.ScaleB(new(y), new(n)).Value;
    }
}
