using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;

namespace FastGrad.Kernels.Simd;

/// <summary>One lane: a scalar that runs the very body of the vectors, for tails, for host scalars and for machines without SIMD.</summary>
/// <param name="value">The scalar.</param>
/// <typeparam name="T">The lane type: <see cref="float"/> or <see cref="double"/>.</typeparam>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
public readonly struct Lane<T>(T value) : ISimdVector<Lane<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _value = value;

    /// <summary>The scalar.</summary>
    public T Value => _value;

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Create(T value) => new(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Constant(double value) => typeof(T) == typeof(float)
        ? new(Unsafe.BitCast<float, T>((float)value))
        : new(Unsafe.BitCast<double, T>(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Load(ref readonly T source, nuint offset) => new(Unsafe.Add(ref Unsafe.AsRef(in source), offset));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lane<T> value, ref T destination, nuint offset) => Unsafe.Add(ref destination, offset) = value._value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StorePast(Lane<T> value, T* destination) => *destination = value._value; // one element does not fill a line

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator +(Lane<T> left, Lane<T> right) => new(left._value + right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator -(Lane<T> left, Lane<T> right) => new(left._value - right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator *(Lane<T> left, Lane<T> right) => new(left._value * right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator /(Lane<T> left, Lane<T> right) => new(left._value / right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> operator -(Lane<T> value) => BitXor(value, new(T.NegativeZero));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> FusedMultiplyAdd(Lane<T> left, Lane<T> right, Lane<T> addend) =>
        new(T.FusedMultiplyAdd(left._value, right._value, addend._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Sqrt(Lane<T> x) => new(T.Sqrt(x._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Abs(Lane<T> x) => new(T.Abs(x._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Min(Lane<T> left, Lane<T> right) => left._value < right._value ? left : right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Max(Lane<T> left, Lane<T> right) => left._value > right._value ? left : right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Round(Lane<T> x) => new(T.Round(x._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Floor(Lane<T> x) => new(T.Floor(x._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Ceiling(Lane<T> x) => new(T.Ceiling(x._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Truncate(Lane<T> x) => new(T.Truncate(x._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> CopySign(Lane<T> magnitude, Lane<T> sign) => new(T.CopySign(magnitude._value, sign._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> GreaterThan(Lane<T> left, Lane<T> right) => Mask(left._value > right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> GreaterThanOrEqual(Lane<T> left, Lane<T> right) => Mask(left._value >= right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Equal(Lane<T> left, Lane<T> right) => Mask(left._value == right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> And(Lane<T> left, Lane<T> right) => BitAnd(left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Or(Lane<T> left, Lane<T> right) => BitOr(left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Not(Lane<T> mask) => BitXor(mask, new(FloatFormat<T>.AllBits));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Select(Lane<T> mask, Lane<T> ifTrue, Lane<T> ifFalse) => Any(mask) ? ifTrue : ifFalse;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Apply<TFunction>(TFunction function, Lane<T> x)
        where TFunction : struct, IFunction<T> => function.Evaluate(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Apply<TFunction>(TFunction function, Lane<T> x, Lane<T> y)
        where TFunction : struct, IBinaryFunction<T> => function.Evaluate(x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> BitAnd(Lane<T> left, Lane<T> right) => typeof(T) == typeof(float)
        ? FromBits(Bits32(left) & Bits32(right))
        : FromBits(Bits64(left) & Bits64(right));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> BitOr(Lane<T> left, Lane<T> right) => typeof(T) == typeof(float)
        ? FromBits(Bits32(left) | Bits32(right))
        : FromBits(Bits64(left) | Bits64(right));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> BitXor(Lane<T> left, Lane<T> right) => typeof(T) == typeof(float)
        ? FromBits(Bits32(left) ^ Bits32(right))
        : FromBits(Bits64(left) ^ Bits64(right));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> AddBits(Lane<T> left, Lane<T> right) => typeof(T) == typeof(float)
        ? FromBits(Bits32(left) + Bits32(right))
        : FromBits(Bits64(left) + Bits64(right));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> SubtractBits(Lane<T> left, Lane<T> right) => typeof(T) == typeof(float)
        ? FromBits(Bits32(left) - Bits32(right))
        : FromBits(Bits64(left) - Bits64(right));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> FromInteger(Lane<T> bits) =>
        new(typeof(T) == typeof(float) ? T.CreateTruncating(Bits32(bits)) : T.CreateTruncating(Bits64(bits)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> ShiftLeft(Lane<T> x, [ConstantExpected] int count) => typeof(T) == typeof(float)
        ? FromBits(Bits32(x) << count)
        : FromBits(Bits64(x) << count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> ShiftRight(Lane<T> x, [ConstantExpected] int count) => typeof(T) == typeof(float)
        ? FromBits(Bits32(x) >> count)
        : FromBits(Bits64(x) >> count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Lookup(ref readonly T table, Lane<T> index) =>
        new(TableLookup.Read(in table, typeof(T) == typeof(float) ? Bits32(index) : (int)Bits64(index)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> SignMask(Lane<T> x) => typeof(T) == typeof(float) ? ShiftRight(x, 31) : ShiftRight(x, 63);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> PowerOfTwo(Lane<T> n)
    {
        Lane<T> magic = new(n._value + FloatFormat<T>.IntegerMagic);
        return typeof(T) == typeof(float)
            ? FromBits((Bits32(magic) << 23) + 0x3F80_0000)
            : FromBits((Bits64(magic) << 52) + 0x3FF0_0000_0000_0000L);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> ScaleB(Lane<T> x, Lane<T> n)
    {
        Lane<T> half = Floor(n * Constant(0.5));
        return x * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> ScaleByFloor(Lane<T> x, Lane<T> n) => ScaleB(x, Floor(n));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Exponent(Lane<T> x)
    {
        Lane<T> biased = typeof(T) == typeof(float) ? FromBits(Bits32(x) >>> 23) : FromBits(Bits64(x) >>> 52);
        return BitOr(biased, new(FloatFormat<T>.NaturalMagic)) - new Lane<T>(FloatFormat<T>.BiasedMagic);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> Mantissa(Lane<T> x) => BitOr(BitAnd(x, new(FloatFormat<T>.FractionMask)), new(T.One));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lane<T> mask) => typeof(T) == typeof(float) ? Bits32(mask) != 0 : Bits64(mask) != 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllLessThanOrEqual(Lane<T> left, Lane<T> right) => left._value <= right._value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllPositiveNormal(Lane<T> x) => x._value >= FloatFormat<T>.LeastNormal && x._value < T.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lane<T> Mask(bool condition) => condition ? new(FloatFormat<T>.AllBits) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bits32(Lane<T> x) => Unsafe.BitCast<T, int>(x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Bits64(Lane<T> x) => Unsafe.BitCast<T, long>(x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lane<T> FromBits(int bits) => new(Unsafe.BitCast<int, T>(bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lane<T> FromBits(long bits) => new(Unsafe.BitCast<long, T>(bits));
}
