using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FastGrad.Kernels.Functions;

namespace FastGrad.Kernels.Simd;

/// <summary>256 bits: 8 floats or 4 doubles.</summary>
/// <remarks>The three wrappers differ in their width alone, but for AVX-512's instructions in ScaleB, Exponent and Mantissa.</remarks>
/// <param name="value">The machine vector.</param>
/// <typeparam name="T">The lane type: <see cref="float"/> or <see cref="double"/>.</typeparam>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
public readonly struct Simd256<T>(Vector256<T> value) : ISimdVector<Simd256<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector256<T> _value = value;

    /// <summary>The machine vector.</summary>
    public Vector256<T> Value => _value;

    /// <inheritdoc/>
    public static int Count => Vector256<T>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Create(T value) => new(Vector256.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Constant(double value) => typeof(T) == typeof(float)
        ? new(Vector256.Create((float)value).As<float, T>())
        : new(Vector256.Create(value).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Load(ref readonly T source, nuint offset) =>
        new(Vector256.LoadUnsafe(in source, offset));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Simd256<T> value, ref T destination, nuint offset) =>
        value._value.StoreUnsafe(ref destination, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StorePast(Simd256<T> value, T* destination) => value._value.StoreAlignedNonTemporal(destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> operator +(Simd256<T> left, Simd256<T> right) => new(left._value + right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> operator -(Simd256<T> left, Simd256<T> right) => new(left._value - right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> operator *(Simd256<T> left, Simd256<T> right) => new(left._value * right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> operator /(Simd256<T> left, Simd256<T> right) => new(left._value / right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> operator -(Simd256<T> value) => BitXor(value, Create(T.NegativeZero));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> FusedMultiplyAdd(Simd256<T> left, Simd256<T> right, Simd256<T> addend) => typeof(T) == typeof(float)
        ? new(ExactFma.Compute(left._value.As<T, float>(), right._value.As<T, float>(), addend._value.As<T, float>()).As<float, T>())
        : new(ExactFma.Compute(left._value.As<T, double>(), right._value.As<T, double>(), addend._value.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Sqrt(Simd256<T> x) => new(Vector256.Sqrt(x._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Abs(Simd256<T> x) => new(Vector256.AndNot(x._value, Vector256.Create(T.NegativeZero)));

    // x86's native minimum and maximum are exactly the selections that the contract states; Arm's are not.

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Min(Simd256<T> left, Simd256<T> right) => X86Base.IsSupported
        ? new(Vector256.MinNative(left._value, right._value))
        : Select(GreaterThan(right, left), left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Max(Simd256<T> left, Simd256<T> right) => X86Base.IsSupported
        ? new(Vector256.MaxNative(left._value, right._value))
        : Select(GreaterThan(left, right), left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Round(Simd256<T> x) => typeof(T) == typeof(float)
        ? new(Vector256.Round(x._value.As<T, float>()).As<float, T>())
        : new(Vector256.Round(x._value.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Floor(Simd256<T> x) => typeof(T) == typeof(float)
        ? new(Vector256.Floor(x._value.As<T, float>()).As<float, T>())
        : new(Vector256.Floor(x._value.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Ceiling(Simd256<T> x) => typeof(T) == typeof(float)
        ? new(Vector256.Ceiling(x._value.As<T, float>()).As<float, T>())
        : new(Vector256.Ceiling(x._value.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Truncate(Simd256<T> x) => typeof(T) == typeof(float)
        ? new(Vector256.Truncate(x._value.As<T, float>()).As<float, T>())
        : new(Vector256.Truncate(x._value.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> CopySign(Simd256<T> magnitude, Simd256<T> sign) =>
        new(Vector256.ConditionalSelect(Vector256.Create(T.NegativeZero), sign._value, magnitude._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> GreaterThan(Simd256<T> left, Simd256<T> right) => new(Vector256.GreaterThan(left._value, right._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> GreaterThanOrEqual(Simd256<T> left, Simd256<T> right) => new(Vector256.GreaterThanOrEqual(left._value, right._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Equal(Simd256<T> left, Simd256<T> right) => new(Vector256.Equals(left._value, right._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> And(Simd256<T> left, Simd256<T> right) => new(left._value & right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Or(Simd256<T> left, Simd256<T> right) => new(left._value | right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Not(Simd256<T> mask) => new(~mask._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Select(Simd256<T> mask, Simd256<T> ifTrue, Simd256<T> ifFalse) =>
        new(Vector256.ConditionalSelect(mask._value, ifTrue._value, ifFalse._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Apply<TFunction>(TFunction function, Simd256<T> x)
        where TFunction : struct, IFunction<T> => function.Evaluate(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Apply<TFunction>(TFunction function, Simd256<T> x, Simd256<T> y)
        where TFunction : struct, IBinaryFunction<T> => function.Evaluate(x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> BitAnd(Simd256<T> left, Simd256<T> right) => new(left._value & right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> BitOr(Simd256<T> left, Simd256<T> right) => new(left._value | right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> BitXor(Simd256<T> left, Simd256<T> right) => new(left._value ^ right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> AddBits(Simd256<T> left, Simd256<T> right) => typeof(T) == typeof(float)
        ? new((left._value.AsInt32() + right._value.AsInt32()).As<int, T>())
        : new((left._value.AsInt64() + right._value.AsInt64()).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> SubtractBits(Simd256<T> left, Simd256<T> right) => typeof(T) == typeof(float)
        ? new((left._value.AsInt32() - right._value.AsInt32()).As<int, T>())
        : new((left._value.AsInt64() - right._value.AsInt64()).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> FromInteger(Simd256<T> bits) => typeof(T) == typeof(float)
        ? new(Vector256.ConvertToSingle(bits._value.AsInt32()).As<float, T>())
        : new(Vector256.ConvertToDouble(bits._value.AsInt64()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> ShiftLeft(Simd256<T> x, [ConstantExpected] int count) => typeof(T) == typeof(float)
        ? new((x._value.AsInt32() << count).As<int, T>())
        : new((x._value.AsInt64() << count).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> ShiftRight(Simd256<T> x, [ConstantExpected] int count) => typeof(T) == typeof(float)
        ? new((x._value.AsInt32() >> count).As<int, T>())
        : new((x._value.AsInt64() >> count).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Lookup(ref readonly T table, Simd256<T> index) => typeof(T) == typeof(float)
        ? new(TableLookup.Read(in Unsafe.As<T, float>(ref Unsafe.AsRef(in table)), index._value.AsInt32()).As<float, T>())
        : new(TableLookup.Read(in Unsafe.As<T, double>(ref Unsafe.AsRef(in table)), index._value.AsInt64()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> SignMask(Simd256<T> x) => typeof(T) == typeof(float) ? ShiftRight(x, 31) : ShiftRight(x, 63);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> PowerOfTwo(Simd256<T> n)
    {
        // No conversion to integers: n + magic holds n in its low bits, and a shift moves them into the exponent.
        Vector256<T> magic = n._value + Vector256.Create(FloatFormat<T>.IntegerMagic);
        return typeof(T) == typeof(float)
            ? new(((magic.AsInt32() << 23) + Vector256.Create(0x3F80_0000)).As<int, T>())
            : new(((magic.AsInt64() << 52) + Vector256.Create(0x3FF0_0000_0000_0000L)).As<long, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> ScaleB(Simd256<T> x, Simd256<T> n)
    {
        // Two steps: the first stays among normal numbers and is exact, so the product is rounded once.
        Simd256<T> half = Floor(n * Constant(0.5));
        return x * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> ScaleByFloor(Simd256<T> x, Simd256<T> n)
    {
        return ScaleB(x, Floor(n));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Exponent(Simd256<T> x)
    {
        Vector256<T> biased = typeof(T) == typeof(float)
            ? (x._value.AsInt32() >>> 23).As<int, T>()
            : (x._value.AsInt64() >>> 52).As<long, T>();
        return new((biased | Vector256.Create(FloatFormat<T>.NaturalMagic)) - Vector256.Create(FloatFormat<T>.BiasedMagic));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Mantissa(Simd256<T> x)
    {
        return new((x._value & Vector256.Create(FloatFormat<T>.FractionMask)) | Vector256.Create(T.One));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Simd256<T> mask) => typeof(T) == typeof(float)
        ? mask._value.AsInt32() != Vector256<int>.Zero
        : mask._value.AsInt64() != Vector256<long>.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllLessThanOrEqual(Simd256<T> left, Simd256<T> right) => Vector256.LessThanOrEqualAll(left._value, right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllPositiveNormal(Simd256<T> x) => typeof(T) == typeof(float)
        // One more exponent takes what is too large past the largest integer: one comparison finds either kind.
        ? Vector256.GreaterThanAll(x._value.AsInt32() + Vector256.Create(0x0080_0000), Vector256.Create(0x00FF_FFFF))
        : Vector256.GreaterThanAll(x._value.AsInt64() + Vector256.Create(0x0010_0000_0000_0000), Vector256.Create(0x001F_FFFF_FFFF_FFFF));
}
