using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastGrad.Kernels.Simd;

/// <summary>The layout of binary32 and binary64, as values of type T that hold the bit patterns.</summary>
/// <remarks>Every member folds to a constant once T is known.</remarks>
internal static class FloatFormat<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bits of the fraction: 23 or 52.</summary>
    public static int FractionBits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) ? 23 : 52;
    }

    /// <summary>The exponent's bias: 127 or 1023.</summary>
    public static int Bias
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) ? 127 : 1023;
    }

    /// <summary>1.5·2^FractionBits: added to a small integer n, its low bits are n in two's complement.</summary>
    public static T IntegerMagic
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) ? From(12582912f) : From(6755399441055744d);
    }

    /// <summary>2^FractionBits: its bits or'ed with a small natural number e are the value 2^FractionBits + e.</summary>
    public static T NaturalMagic
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) ? From(8388608f) : From(4503599627370496d);
    }

    /// <summary>2^FractionBits + Bias.</summary>
    public static T BiasedMagic
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) ? From(8388608f + 127f) : From(4503599627370496d + 1023d);
    }

    /// <summary>The pattern of the fraction's bits.</summary>
    public static T FractionMask
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float)
        ? From(BitConverter.UInt32BitsToSingle(0x007F_FFFFu))
        : From(BitConverter.UInt64BitsToDouble(0x000F_FFFF_FFFF_FFFFul));
    }

    /// <summary>The largest finite number.</summary>
    public static T Largest
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) ? From(float.MaxValue) : From(double.MaxValue);
    }

    /// <summary>The least positive normal number.</summary>
    public static T LeastNormal
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) ? From(1.17549435E-38f) : From(2.2250738585072014e-308);
    }

    /// <summary>The largest number below 1.</summary>
    public static T BelowOne
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) ? From(0.99999994f) : From(0.9999999999999999);
    }

    /// <summary>All bits set: a lane of a mask that is true.</summary>
    public static T AllBits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float)
        ? From(BitConverter.UInt32BitsToSingle(uint.MaxValue))
        : From(BitConverter.UInt64BitsToDouble(ulong.MaxValue));
    }

    /// <summary>The float with these bits, where T is float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FromBits(int bits) => From(BitConverter.Int32BitsToSingle(bits));

    /// <summary>A table of floats as one of T, where T is float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref readonly T Table(ReadOnlySpan<float> table) => ref Unsafe.As<float, T>(ref MemoryMarshal.GetReference(table));

    /// <summary>A table of floats' bits as one of T, where T is float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref readonly T Table(ReadOnlySpan<int> table) => ref Unsafe.As<int, T>(ref MemoryMarshal.GetReference(table));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T From<S>(S value) => Unsafe.BitCast<S, T>(value);
}
