using System.Numerics;
using FastGrad.Analysis.Expressions;
using FastGrad.Analysis.Intervals;

namespace FastGrad.Analysis.Tests;

/// <summary>Intervals hold every true result: compared with exact fractions, and with 31 digits.</summary>
public sealed class IntervalTests
{
    [Fact]
    public void ArithmeticHoldsExactResultsAndIsTight()
    {
        Random random = new(7);
        for (int trial = 0; trial < 20_000; trial++)
        {
            double a = Draw(), b = Draw();
            Check(a + b, new Interval(a, a) + b, Exact(a) + Exact(b));
            Check(a - b, Interval.Point(a) - b, Exact(a) - Exact(b));
            Check(a * b, Interval.Point(a) * b, Exact(a) * Exact(b));
            if (b != 0)
                Check(a / b, Interval.Point(a) / b, Exact(a) / Exact(b));
            Check(a * a, Interval.Point(a).Square(), Exact(a) * Exact(a));
        }

        double Draw() => random.Next(4) == 0 ? random.Next(-4, 5) : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-20, 20));

        static void Check(double near, Interval found, Fraction exact)
        {
            Assert.True(Exact(found.Low).CompareTo(exact) <= 0 && exact.CompareTo(Exact(found.High)) <= 0, $"{near} {found}");
            Assert.True(found.High <= Math.BitIncrement(Math.BitIncrement(found.Low)), $"{near}: {found} is wider than two units");
            if (Exact(near).CompareTo(exact) == 0)
                Assert.True(found.IsPoint, $"{near} is exact, and its interval is {found}");
        }
    }

    /// <summary>Roots against exact squares, and results so small that an error-free transformation itself would be rounded.</summary>
    [Fact]
    public void RootsAndTinyResultsHoldExactOnes()
    {
        Random random = new(17);
        for (int trial = 0; trial < 20_000; trial++)
        {
            double a = Math.ScaleB(1 + random.NextDouble(), trial % 2 == 0 ? random.Next(-1070, -900) : random.Next(-60, 60)), b = Math.ScaleB(1 + random.NextDouble(), random.Next(-140, 60));
            Interval root = Interval.Point(a).Sqrt(), quotient = Interval.Point(a) / b, product = Interval.Point(a) * b;
            Assert.True((Exact(root.Low) * Exact(root.Low)).CompareTo(Exact(a)) <= 0 && Exact(a).CompareTo(Exact(root.High) * Exact(root.High)) <= 0, $"the root of {a:R}: {root}");
            Assert.True(Exact(quotient.Low).CompareTo(Exact(a) / Exact(b)) <= 0 && (Exact(a) / Exact(b)).CompareTo(Exact(quotient.High)) <= 0, $"{a:R}/{b:R}: {quotient}");
            Assert.True(Exact(product.Low).CompareTo(Exact(a) * Exact(b)) <= 0 && (Exact(a) * Exact(b)).CompareTo(Exact(product.High)) <= 0, $"{a:R}*{b:R}: {product}");
        }
    }

    [Fact]
    public void RangesHoldRandomInnerPoints()
    {
        Random random = new(8);
        foreach (Function function in Functions.All.Where(f => f.Least == 1 && f.Most == 1))
        {
            for (int trial = 0; trial < 300; trial++)
            {
                double low = Draw(function.Name), high = Draw(function.Name);
                (low, high) = (Math.Min(low, high), Math.Max(low, high));
                Jet jet = function.Jet([Jet.Variable(new(low, high), 0, 1)]);
                for (int k = 0; k < 8; k++)
                {
                    double x = low + (high - low) * random.NextDouble();
                    double y = function.Value([x]);
                    Assert.True(jet.Value.Low <= y + 1e-12 * Math.Abs(y) && y - 1e-12 * Math.Abs(y) <= jet.Value.High, $"{function.Name}({x}) = {y} outside {jet.Value}");
                    // Derivatives of first and second order by autograd.
                    Tensor<double> slope = Transforms.Grad<double>(v => function.Tensor([v]))(Tensor.Scalar(x));
                    Tensor<double> bend = Transforms.Grad<double>(v => Transforms.Grad<double>(u => function.Tensor([u]))(v))(Tensor.Scalar(x));
                    Holds(function, x, jet.Gradient[0], slope.Item());
                    Holds(function, x, jet.Hessian[0], bend.Item());
                }
            }
        }

        double Draw(string name) => name switch
        {
            "acosh" => 1.01 + 3 * random.NextDouble(),
            "asin" or "acos" or "atanh" => 1.9 * random.NextDouble() - 0.95,
            "sqrt" or "log" or "log2" or "log10" or "xlogx" => 0.01 + 5 * random.NextDouble(),
            "log1p" => -0.9 + 3 * random.NextDouble(),
            "tan" => 2.8 * random.NextDouble() - 1.4,
            _ => 8 * random.NextDouble() - 4,
        };

        static void Holds(Function f, double x, Interval found, double value)
        {
            double slack = 1e-9 * Math.Max(1, Math.Abs(value));
            Assert.True(found.Low <= value + slack && value - slack <= found.High, $"{f.Name} at {x}: {value} outside {found}");
        }
    }

    [Fact]
    public void PiecesOfBendAgreeWithSecondDerivatives()
    {
        Random random = new(9);
        foreach (Function function in Functions.All.Where(f => f.Atom is not null))
        {
            for (int trial = 0; trial < 2000; trial++)
            {
                double x = 8 * random.NextDouble() - 4;
                if (!function.Atom!.Domain.Contains(x) || x is 0)
                    continue;
                Certificates.Bend claimed = function.Atom.BendOn(x);
                double slope = Transforms.Grad<double>(v => function.Tensor([v]))(Tensor.Scalar(x)).Item();
                double bend = Transforms.Grad<double>(v => Transforms.Grad<double>(u => function.Tensor([u]))(v))(Tensor.Scalar(x)).Item();
                if (claimed is Certificates.Bend.Convex or Certificates.Bend.Affine)
                    Assert.True(bend >= -1e-12, $"{function.Name} at {x}: {bend}, claimed {claimed}");
                if (claimed is Certificates.Bend.Concave or Certificates.Bend.Affine)
                    Assert.True(bend <= 1e-12, $"{function.Name} at {x}: {bend}, claimed {claimed}");
                Certificates.Lean lean = function.Atom.LeanOn(x);
                if (lean == Certificates.Lean.Rising)
                    Assert.True(slope >= -1e-12, $"{function.Name} rises at {x}: {slope}");
                if (lean == Certificates.Lean.Falling)
                    Assert.True(slope <= 1e-12, $"{function.Name} falls at {x}: {slope}");
            }
        }
    }

    [Fact]
    public void ZeroTimesInfinityIsZeroAndPolesAreOneSided()
    {
        Assert.Equal(new(0, 0), Interval.All * 0);
        Assert.Equal(new(0.5, double.PositiveInfinity), Interval.Point(1) / new Interval(0, 2));
        Assert.Equal(new(double.NegativeInfinity, -0.5), Interval.Point(1) / new Interval(-2, 0));
        Assert.Equal(Interval.All, Interval.Point(1) / new Interval(-1, 1));
        Assert.Throws<ArgumentException>(() => new Interval(1, 0));
        Assert.Throws<ArgumentException>(() => new Interval(double.NaN, 0));
    }

    private static Fraction Exact(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> 52 & 0x7FF);
        BigInteger mantissa = bits & 0xFFFFFFFFFFFFFL;
        if (exponent == 0)
            exponent = 1;
        else
            mantissa |= 1L << 52;
        exponent -= 1075;
        if (value < 0)
            mantissa = -mantissa;
        return exponent >= 0 ? new(mantissa << exponent, 1) : new(mantissa, BigInteger.One << -exponent);
    }

    private readonly record struct Fraction(BigInteger Top, BigInteger Bottom) : IComparable<Fraction>
    {
        public static Fraction operator +(Fraction a, Fraction b) => new(a.Top * b.Bottom + b.Top * a.Bottom, a.Bottom * b.Bottom);

        public static Fraction operator -(Fraction a, Fraction b) => new(a.Top * b.Bottom - b.Top * a.Bottom, a.Bottom * b.Bottom);

        public static Fraction operator *(Fraction a, Fraction b) => new(a.Top * b.Top, a.Bottom * b.Bottom);

        public static Fraction operator /(Fraction a, Fraction b) => b.Top.Sign > 0 ? new(a.Top * b.Bottom, a.Bottom * b.Top) : new(-a.Top * b.Bottom, -a.Bottom * b.Top);

        public int CompareTo(Fraction other) => (Top * other.Bottom).CompareTo(other.Top * Bottom);
    }
}
