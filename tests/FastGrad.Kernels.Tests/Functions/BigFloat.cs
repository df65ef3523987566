using System.Numerics;

namespace FastGrad.Kernels.Tests.Functions;

/// <summary>A binary floating-point number of 256 bits, for references: M·2ᴱ, each operation truncated.</summary>
public readonly struct BigFloat : IComparable<BigFloat>
{
    public const int Precision = 256;

    private readonly BigInteger _m;
    private readonly int _e;

    private BigFloat(BigInteger m, int e)
    {
        long excess = (long)BigInteger.Abs(m).GetBitLength() - Precision;
        _m = excess > 0 ? m >> (int)excess : m;
        _e = m.IsZero ? 0 : excess > 0 ? e + (int)excess : e;
    }

    public bool IsZero => _m.IsZero;

    public int Sign => _m.Sign;

    /// <summary>⌊log₂|x|⌋ for x ≠ 0.</summary>
    public int Exponent => (int)BigInteger.Abs(_m).GetBitLength() - 1 + _e;

    public static BigFloat Zero => default;

    public static implicit operator BigFloat(int value) => new(value, 0);

    /// <summary>The exact value.</summary>
    public static implicit operator BigFloat(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "Expected a finite number.");
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >>> 52 & 0x7FF);
        long m = bits & 0xF_FFFF_FFFF_FFFF;
        if (exponent == 0)
            exponent = 1;
        else
            m |= 1L << 52;
        return new(value < 0 ? -m : m, exponent - 1075);
    }

    public static BigFloat operator -(BigFloat x) => new(-x._m, x._e);

    public static BigFloat operator +(BigFloat x, BigFloat y)
    {
        if (x.IsZero)
            return y;
        if (y.IsZero)
            return x;
        if (x._e < y._e)
            (x, y) = (y, x);
        int shift = x._e - y._e;
        return x.Exponent - y.Exponent > 2 * Precision ? x : new((x._m << shift) + y._m, y._e);
    }

    public static BigFloat operator -(BigFloat x, BigFloat y) => x + -y;

    public static BigFloat operator *(BigFloat x, BigFloat y) => new(x._m * y._m, x._e + y._e);

    public static BigFloat operator /(BigFloat x, BigFloat y)
    {
        const int shift = 2 * Precision;
        return new((x._m << shift) / y._m, x._e - y._e - shift);
    }

    public static bool operator <(BigFloat x, BigFloat y) => x.CompareTo(y) < 0;

    public static bool operator >(BigFloat x, BigFloat y) => x.CompareTo(y) > 0;

    public int CompareTo(BigFloat other) => (this - other).Sign;

    public BigFloat Abs() => new(BigInteger.Abs(_m), _e);

    public BigFloat ScaleB(int n) => new(_m, _e + n);

    /// <summary>The nearest integer (halves upwards).</summary>
    public BigInteger Round() => _e >= 0 ? _m << _e : -_e > Precision + 1 ? BigInteger.Zero : ((_m >> (-_e - 1)) + 1) >> 1;

    public static BigFloat Of(BigInteger value) => new(value, 0);

    public BigFloat Sqrt()
    {
        if (IsZero)
            return this;
        if (Sign < 0)
            throw new ArgumentOutOfRangeException("x", this, "Expected a number that is not negative.");
        int shift = 2 * Precision;
        if (((_e - shift) & 1) != 0)
            shift++;
        BigInteger n = _m << shift;
        BigInteger root = BigInteger.One << (int)((n.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (root + n / root) >> 1;
            if (next >= root)
                return new(root, (_e - shift) / 2);
            root = next;
        }
    }

    /// <summary>Rounded towards zero: for printing and for ratios.</summary>
    public double ToDouble()
    {
        if (IsZero)
            return 0;
        int shift = (int)BigInteger.Abs(_m).GetBitLength() - 53;
        double head = (double)(shift > 0 ? _m >> shift : _m);
        return Math.ScaleB(head, _e + Math.Max(shift, 0));
    }

    public override string ToString() => ToDouble().ToString("R");
}
