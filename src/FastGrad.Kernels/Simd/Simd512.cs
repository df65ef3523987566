using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FastGrad.Kernels.Functions;

namespace FastGrad.Kernels.Simd;

/// <summary>512 bits: 16 floats or 8 doubles.</summary>
/// <remarks>The three wrappers differ in their width alone, but for AVX-512's instructions in ScaleB, Exponent and Mantissa.</remarks>
/// <param name="value">The machine vector.</param>
/// <typeparam name="T">The lane type: <see cref="float"/> or <see cref="double"/>.</typeparam>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
public readonly struct Simd512<T>(Vector512<T> value) : ISimdVector<Simd512<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector512<T> _value = value;

    /// <summary>The machine vector.</summary>
    public Vector512<T> Value => _value;

    /// <inheritdoc/>
    public static int Count => Vector512<T>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Create(T value) => new(Vector512.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Constant(double value) => typeof(T) == typeof(float)
        ? new(Vector512.Create((float)value).As<float, T>())
        : new(Vector512.Create(value).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Load(ref readonly T source, nuint offset) =>
        new(Vector512.LoadUnsafe(in source, offset));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Simd512<T> value, ref T destination, nuint offset) =>
        value._value.StoreUnsafe(ref destination, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StorePast(Simd512<T> value, T* destination) => value._value.StoreAlignedNonTemporal(destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> operator +(Simd512<T> left, Simd512<T> right) => new(left._value + right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> operator -(Simd512<T> left, Simd512<T> right) => new(left._value - right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> operator *(Simd512<T> left, Simd512<T> right) => new(left._value * right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> operator /(Simd512<T> left, Simd512<T> right) => new(left._value / right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> operator -(Simd512<T> value) => BitXor(value, Create(T.NegativeZero));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> FusedMultiplyAdd(Simd512<T> left, Simd512<T> right, Simd512<T> addend) => typeof(T) == typeof(float)
        ? new(ExactFma.Compute(left._value.As<T, float>(), right._value.As<T, float>(), addend._value.As<T, float>()).As<float, T>())
        : new(ExactFma.Compute(left._value.As<T, double>(), right._value.As<T, double>(), addend._value.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Sqrt(Simd512<T> x) => new(Vector512.Sqrt(x._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Abs(Simd512<T> x) => new(Vector512.AndNot(x._value, Vector512.Create(T.NegativeZero)));

    // x86's native minimum and maximum are exactly the selections that the contract states; Arm's are not.

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Min(Simd512<T> left, Simd512<T> right) => X86Base.IsSupported
        ? new(Vector512.MinNative(left._value, right._value))
        : Select(GreaterThan(right, left), left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Max(Simd512<T> left, Simd512<T> right) => X86Base.IsSupported
        ? new(Vector512.MaxNative(left._value, right._value))
        : Select(GreaterThan(left, right), left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Round(Simd512<T> x) => typeof(T) == typeof(float)
        ? new(Vector512.Round(x._value.As<T, float>()).As<float, T>())
        : new(Vector512.Round(x._value.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Floor(Simd512<T> x) => typeof(T) == typeof(float)
        ? new(Vector512.Floor(x._value.As<T, float>()).As<float, T>())
        : new(Vector512.Floor(x._value.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Ceiling(Simd512<T> x) => typeof(T) == typeof(float)
        ? new(Vector512.Ceiling(x._value.As<T, float>()).As<float, T>())
        : new(Vector512.Ceiling(x._value.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Truncate(Simd512<T> x) => typeof(T) == typeof(float)
        ? new(Vector512.Truncate(x._value.As<T, float>()).As<float, T>())
        : new(Vector512.Truncate(x._value.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> CopySign(Simd512<T> magnitude, Simd512<T> sign) =>
        new(Vector512.ConditionalSelect(Vector512.Create(T.NegativeZero), sign._value, magnitude._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> GreaterThan(Simd512<T> left, Simd512<T> right) => new(Vector512.GreaterThan(left._value, right._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> GreaterThanOrEqual(Simd512<T> left, Simd512<T> right) => new(Vector512.GreaterThanOrEqual(left._value, right._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Equal(Simd512<T> left, Simd512<T> right) => new(Vector512.Equals(left._value, right._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> And(Simd512<T> left, Simd512<T> right) => new(left._value & right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Or(Simd512<T> left, Simd512<T> right) => new(left._value | right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Not(Simd512<T> mask) => new(~mask._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Select(Simd512<T> mask, Simd512<T> ifTrue, Simd512<T> ifFalse) =>
        new(Vector512.ConditionalSelect(mask._value, ifTrue._value, ifFalse._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Apply<TFunction>(TFunction function, Simd512<T> x)
        where TFunction : struct, IFunction<T> => function.Evaluate(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Apply<TFunction>(TFunction function, Simd512<T> x, Simd512<T> y)
        where TFunction : struct, IBinaryFunction<T> => function.Evaluate(x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> BitAnd(Simd512<T> left, Simd512<T> right) => new(left._value & right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> BitOr(Simd512<T> left, Simd512<T> right) => new(left._value | right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> BitXor(Simd512<T> left, Simd512<T> right) => new(left._value ^ right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> AddBits(Simd512<T> left, Simd512<T> right) => typeof(T) == typeof(float)
        ? new((left._value.AsInt32() + right._value.AsInt32()).As<int, T>())
        : new((left._value.AsInt64() + right._value.AsInt64()).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> SubtractBits(Simd512<T> left, Simd512<T> right) => typeof(T) == typeof(float)
        ? new((left._value.AsInt32() - right._value.AsInt32()).As<int, T>())
        : new((left._value.AsInt64() - right._value.AsInt64()).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> FromInteger(Simd512<T> bits) => typeof(T) == typeof(float)
        ? new(Vector512.ConvertToSingle(bits._value.AsInt32()).As<float, T>())
        : new(Vector512.ConvertToDouble(bits._value.AsInt64()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> ShiftLeft(Simd512<T> x, [ConstantExpected] int count) => typeof(T) == typeof(float)
        ? new((x._value.AsInt32() << count).As<int, T>())
        : new((x._value.AsInt64() << count).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> ShiftRight(Simd512<T> x, [ConstantExpected] int count) => typeof(T) == typeof(float)
        ? new((x._value.AsInt32() >> count).As<int, T>())
        : new((x._value.AsInt64() >> count).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Lookup(ref readonly T table, Simd512<T> index) => typeof(T) == typeof(float)
        ? new(TableLookup.Read(in Unsafe.As<T, float>(ref Unsafe.AsRef(in table)), index._value.AsInt32()).As<float, T>())
        : new(TableLookup.Read(in Unsafe.As<T, double>(ref Unsafe.AsRef(in table)), index._value.AsInt64()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> SignMask(Simd512<T> x) => typeof(T) == typeof(float) ? ShiftRight(x, 31) : ShiftRight(x, 63);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> PowerOfTwo(Simd512<T> n)
    {
        // No conversion to integers: n + magic holds n in its low bits, and a shift moves them into the exponent.
        Vector512<T> magic = n._value + Vector512.Create(FloatFormat<T>.IntegerMagic);
        return typeof(T) == typeof(float)
            ? new(((magic.AsInt32() << 23) + Vector512.Create(0x3F80_0000)).As<int, T>())
            : new(((magic.AsInt64() << 52) + Vector512.Create(0x3FF0_0000_0000_0000L)).As<long, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> ScaleB(Simd512<T> x, Simd512<T> n)
    {
        if (Avx512F.IsSupported)
            return typeof(T) == typeof(float)
                ? new(Avx512F.Scale(x._value.As<T, float>(), n._value.As<T, float>()).As<float, T>())
                : new(Avx512F.Scale(x._value.As<T, double>(), n._value.As<T, double>()).As<double, T>());

        // Two steps: the first stays among normal numbers and is exact, so the product is rounded once.
        Simd512<T> half = Floor(n * Constant(0.5));
        return x * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> ScaleByFloor(Simd512<T> x, Simd512<T> n)
    {
        if (Avx512F.IsSupported)
            return ScaleB(x, n); // the instruction takes the floor itself

        return ScaleB(x, Floor(n));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Exponent(Simd512<T> x)
    {
        if (Avx512F.IsSupported)
            return typeof(T) == typeof(float)
                ? new(Avx512F.GetExponent(x._value.As<T, float>()).As<float, T>())
                : new(Avx512F.GetExponent(x._value.As<T, double>()).As<double, T>());

        Vector512<T> biased = typeof(T) == typeof(float)
            ? (x._value.AsInt32() >>> 23).As<int, T>()
            : (x._value.AsInt64() >>> 52).As<long, T>();
        return new((biased | Vector512.Create(FloatFormat<T>.NaturalMagic)) - Vector512.Create(FloatFormat<T>.BiasedMagic));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Mantissa(Simd512<T> x)
    {
        if (Avx512F.IsSupported)
            return typeof(T) == typeof(float) // 3 << 2: NaN below zero, and from 1 to 2
                ? new(Avx512F.GetMantissa(x._value.As<T, float>(), 3 << 2).As<float, T>())
                : new(Avx512F.GetMantissa(x._value.As<T, double>(), 3 << 2).As<double, T>());

        return new((x._value & Vector512.Create(FloatFormat<T>.FractionMask)) | Vector512.Create(T.One));
    }

    /// <inheritdoc/>
    public static bool SplitsAll
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512F.IsSupported;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Simd512<T> mask) => typeof(T) == typeof(float)
        ? mask._value.AsInt32() != Vector512<int>.Zero
        : mask._value.AsInt64() != Vector512<long>.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllLessThanOrEqual(Simd512<T> left, Simd512<T> right) => Vector512.LessThanOrEqualAll(left._value, right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllPositiveNormal(Simd512<T> x) => typeof(T) == typeof(float)
        // One more exponent takes what is too large past the largest integer: one comparison finds either kind.
        ? Vector512.GreaterThanAll(x._value.AsInt32() + Vector512.Create(0x0080_0000), Vector512.Create(0x00FF_FFFF))
        : Vector512.GreaterThanAll(x._value.AsInt64() + Vector512.Create(0x0010_0000_0000_0000), Vector512.Create(0x001F_FFFF_FFFF_FFFF));
}
