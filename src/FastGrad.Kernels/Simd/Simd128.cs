using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FastGrad.Kernels.Functions;

namespace FastGrad.Kernels.Simd;

/// <summary>128 bits: 4 floats or 2 doubles.</summary>
/// <remarks>The three wrappers differ in their width alone, but for AVX-512's instructions in ScaleB, Exponent and Mantissa.</remarks>
/// <param name="value">The machine vector.</param>
/// <typeparam name="T">The lane type: <see cref="float"/> or <see cref="double"/>.</typeparam>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
public readonly struct Simd128<T>(Vector128<T> value) : ISimdVector<Simd128<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector128<T> _value = value;

    /// <summary>The machine vector.</summary>
    public Vector128<T> Value => _value;

    /// <inheritdoc/>
    public static int Count => Vector128<T>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Create(T value) => new(Vector128.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Constant(double value) => typeof(T) == typeof(float)
        ? new(Vector128.Create((float)value).As<float, T>())
        : new(Vector128.Create(value).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Load(ref readonly T source, nuint offset) =>
        new(Vector128.LoadUnsafe(in source, offset));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Simd128<T> value, ref T destination, nuint offset) =>
        value._value.StoreUnsafe(ref destination, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StorePast(Simd128<T> value, T* destination) => value._value.StoreAlignedNonTemporal(destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator +(Simd128<T> left, Simd128<T> right) => new(left._value + right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator -(Simd128<T> left, Simd128<T> right) => new(left._value - right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator *(Simd128<T> left, Simd128<T> right) => new(left._value * right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator /(Simd128<T> left, Simd128<T> right) => new(left._value / right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator -(Simd128<T> value) => BitXor(value, Create(T.NegativeZero));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> FusedMultiplyAdd(Simd128<T> left, Simd128<T> right, Simd128<T> addend) => typeof(T) == typeof(float)
        ? new(ExactFma.Compute(left._value.As<T, float>(), right._value.As<T, float>(), addend._value.As<T, float>()).As<float, T>())
        : new(ExactFma.Compute(left._value.As<T, double>(), right._value.As<T, double>(), addend._value.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Sqrt(Simd128<T> x) => new(Vector128.Sqrt(x._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Abs(Simd128<T> x) => new(Vector128.AndNot(x._value, Vector128.Create(T.NegativeZero)));

    // x86's native minimum and maximum are exactly the selections that the contract states; Arm's are not.

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Min(Simd128<T> left, Simd128<T> right) => X86Base.IsSupported
        ? new(Vector128.MinNative(left._value, right._value))
        : Select(GreaterThan(right, left), left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Max(Simd128<T> left, Simd128<T> right) => X86Base.IsSupported
        ? new(Vector128.MaxNative(left._value, right._value))
        : Select(GreaterThan(left, right), left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Round(Simd128<T> x) => typeof(T) == typeof(float)
        ? new(Vector128.Round(x._value.As<T, float>()).As<float, T>())
        : new(Vector128.Round(x._value.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Floor(Simd128<T> x) => typeof(T) == typeof(float)
        ? new(Vector128.Floor(x._value.As<T, float>()).As<float, T>())
        : new(Vector128.Floor(x._value.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Ceiling(Simd128<T> x) => typeof(T) == typeof(float)
        ? new(Vector128.Ceiling(x._value.As<T, float>()).As<float, T>())
        : new(Vector128.Ceiling(x._value.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Truncate(Simd128<T> x) => typeof(T) == typeof(float)
        ? new(Vector128.Truncate(x._value.As<T, float>()).As<float, T>())
        : new(Vector128.Truncate(x._value.As<T, double>()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> CopySign(Simd128<T> magnitude, Simd128<T> sign) =>
        new(Vector128.ConditionalSelect(Vector128.Create(T.NegativeZero), sign._value, magnitude._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> GreaterThan(Simd128<T> left, Simd128<T> right) => new(Vector128.GreaterThan(left._value, right._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> GreaterThanOrEqual(Simd128<T> left, Simd128<T> right) => new(Vector128.GreaterThanOrEqual(left._value, right._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Equal(Simd128<T> left, Simd128<T> right) => new(Vector128.Equals(left._value, right._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> And(Simd128<T> left, Simd128<T> right) => new(left._value & right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Or(Simd128<T> left, Simd128<T> right) => new(left._value | right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Not(Simd128<T> mask) => new(~mask._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Select(Simd128<T> mask, Simd128<T> ifTrue, Simd128<T> ifFalse) =>
        new(Vector128.ConditionalSelect(mask._value, ifTrue._value, ifFalse._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Apply<TFunction>(TFunction function, Simd128<T> x)
        where TFunction : struct, IFunction<T> => function.Evaluate(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Apply<TFunction>(TFunction function, Simd128<T> x, Simd128<T> y)
        where TFunction : struct, IBinaryFunction<T> => function.Evaluate(x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> BitAnd(Simd128<T> left, Simd128<T> right) => new(left._value & right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> BitOr(Simd128<T> left, Simd128<T> right) => new(left._value | right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> BitXor(Simd128<T> left, Simd128<T> right) => new(left._value ^ right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> AddBits(Simd128<T> left, Simd128<T> right) => typeof(T) == typeof(float)
        ? new((left._value.AsInt32() + right._value.AsInt32()).As<int, T>())
        : new((left._value.AsInt64() + right._value.AsInt64()).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> SubtractBits(Simd128<T> left, Simd128<T> right) => typeof(T) == typeof(float)
        ? new((left._value.AsInt32() - right._value.AsInt32()).As<int, T>())
        : new((left._value.AsInt64() - right._value.AsInt64()).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> FromInteger(Simd128<T> bits) => typeof(T) == typeof(float)
        ? new(Vector128.ConvertToSingle(bits._value.AsInt32()).As<float, T>())
        : new(Vector128.ConvertToDouble(bits._value.AsInt64()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> ShiftLeft(Simd128<T> x, [ConstantExpected] int count) => typeof(T) == typeof(float)
        ? new((x._value.AsInt32() << count).As<int, T>())
        : new((x._value.AsInt64() << count).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> ShiftRight(Simd128<T> x, [ConstantExpected] int count) => typeof(T) == typeof(float)
        ? new((x._value.AsInt32() >> count).As<int, T>())
        : new((x._value.AsInt64() >> count).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Lookup(ref readonly T table, Simd128<T> index) => typeof(T) == typeof(float)
        ? new(TableLookup.Read(in Unsafe.As<T, float>(ref Unsafe.AsRef(in table)), index._value.AsInt32()).As<float, T>())
        : new(TableLookup.Read(in Unsafe.As<T, double>(ref Unsafe.AsRef(in table)), index._value.AsInt64()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> SignMask(Simd128<T> x) => typeof(T) == typeof(float) ? ShiftRight(x, 31) : ShiftRight(x, 63);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> PowerOfTwo(Simd128<T> n)
    {
        // No conversion to integers: n + magic holds n in its low bits, and a shift moves them into the exponent.
        Vector128<T> magic = n._value + Vector128.Create(FloatFormat<T>.IntegerMagic);
        return typeof(T) == typeof(float)
            ? new(((magic.AsInt32() << 23) + Vector128.Create(0x3F80_0000)).As<int, T>())
            : new(((magic.AsInt64() << 52) + Vector128.Create(0x3FF0_0000_0000_0000L)).As<long, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> ScaleB(Simd128<T> x, Simd128<T> n)
    {
        // Two steps: the first stays among normal numbers and is exact, so the product is rounded once.
        Simd128<T> half = Floor(n * Constant(0.5));
        return x * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> ScaleByFloor(Simd128<T> x, Simd128<T> n)
    {
        return ScaleB(x, Floor(n));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Exponent(Simd128<T> x)
    {
        Vector128<T> biased = typeof(T) == typeof(float)
            ? (x._value.AsInt32() >>> 23).As<int, T>()
            : (x._value.AsInt64() >>> 52).As<long, T>();
        return new((biased | Vector128.Create(FloatFormat<T>.NaturalMagic)) - Vector128.Create(FloatFormat<T>.BiasedMagic));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Mantissa(Simd128<T> x)
    {
        return new((x._value & Vector128.Create(FloatFormat<T>.FractionMask)) | Vector128.Create(T.One));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Simd128<T> mask) => typeof(T) == typeof(float)
        ? mask._value.AsInt32() != Vector128<int>.Zero
        : mask._value.AsInt64() != Vector128<long>.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllLessThanOrEqual(Simd128<T> left, Simd128<T> right) => Vector128.LessThanOrEqualAll(left._value, right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllPositiveNormal(Simd128<T> x) => typeof(T) == typeof(float)
        // One more exponent takes what is too large past the largest integer: one comparison finds either kind.
        ? Vector128.GreaterThanAll(x._value.AsInt32() + Vector128.Create(0x0080_0000), Vector128.Create(0x00FF_FFFF))
        : Vector128.GreaterThanAll(x._value.AsInt64() + Vector128.Create(0x0010_0000_0000_0000), Vector128.Create(0x001F_FFFF_FFFF_FFFF));
}
