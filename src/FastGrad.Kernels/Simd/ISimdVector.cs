using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace FastGrad.Kernels.Simd;

/// <summary>A machine vector (or one lane): arithmetic, memory access, and the bits of the floating-point format.</summary>
/// <remarks>
/// Only what elementary functions and drivers need stands here. Operators see <see cref="IArithmetic{V,T}"/> alone, so that they
/// run on duals and recorded values too.
/// </remarks>
/// <typeparam name="V">The implementing type.</typeparam>
/// <typeparam name="T">The lane type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public interface ISimdVector<V, T> : IArithmetic<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Reads <see cref="Count"/> elements starting <paramref name="offset"/> elements after <paramref name="source"/>.</summary>
    static abstract V Load(ref readonly T source, nuint offset);

    /// <summary>Writes <see cref="Count"/> elements starting <paramref name="offset"/> elements after <paramref name="destination"/>.</summary>
    static abstract void Store(V value, ref T destination, nuint offset);

    /// <summary>Writes <see cref="Count"/> elements past the caches, to an address that is a multiple of the vector's size.</summary>
    static abstract unsafe void StorePast(V value, T* destination);

    /// <summary>Bitwise and.</summary>
    static abstract V BitAnd(V left, V right);

    /// <summary>Bitwise or.</summary>
    static abstract V BitOr(V left, V right);

    /// <summary>Bitwise exclusive or.</summary>
    static abstract V BitXor(V left, V right);

    /// <summary>The sum of the bit patterns as integers, modulo 2³² or 2⁶⁴.</summary>
    static abstract V AddBits(V left, V right);

    /// <summary>The difference of the bit patterns as integers, modulo 2³² or 2⁶⁴.</summary>
    static abstract V SubtractBits(V left, V right);

    /// <summary>The bit patterns, as signed integers, converted to numbers and rounded to nearest.</summary>
    static abstract V FromInteger(V bits);

    /// <summary>The bit patterns, as integers, times 2ᶜᵒᵘⁿᵗ: zeros come in below.</summary>
    static abstract V ShiftLeft(V x, [ConstantExpected] int count);

    /// <summary>The bit patterns, as signed integers, divided by 2ᶜᵒᵘⁿᵗ and rounded down: copies of the sign come in above.</summary>
    static abstract V ShiftRight(V x, [ConstantExpected] int count);

    /// <summary>Lane by lane, the entry of a table of 16 that the four low bits of <paramref name="index"/> name.</summary>
    static abstract V Lookup(ref readonly T table, V index);

    /// <summary>2ⁿ for integer-valued n within the exponents of normal numbers (−126…127, −1022…1023).</summary>
    static abstract V PowerOfTwo(V n);

    /// <summary>
    /// x·2ⁿ, rounded once, for ¼ ≤ |x| ≤ 4 and integer-valued |n| ≤ 250 (float) or 2000 (double); results may be denormal, zero or infinite.
    /// </summary>
    static abstract V ScaleB(V x, V n);

    /// <summary>x·2^⌊n⌋, under the conditions of <see cref="ScaleB"/>.</summary>
    static abstract V ScaleByFloor(V x, V n);

    /// <summary>⌊log₂ x⌋ for positive normal x.</summary>
    static abstract V Exponent(V x);

    /// <summary>x / 2^Exponent(x), in [1, 2), for positive normal x.</summary>
    static abstract V Mantissa(V x);

    /// <summary>
    /// Whether <see cref="Exponent"/> and <see cref="Mantissa"/> take every number: denormals too, −∞ and 1 of ±0, ∞ and 1 of ∞, mantissa NaN of NaN and of x &lt; 0.
    /// </summary>
    static virtual bool SplitsAll => false;

    /// <summary>Mask of the sign bit: true for negative numbers, −0 and NaNs with the sign.</summary>
    static abstract V SignMask(V x);

    /// <summary>Whether any lane of the mask is true.</summary>
    static abstract bool Any(V mask);

    /// <summary>Whether left ≤ right in every lane; false where either is NaN. How a function asks for its short path.</summary>
    static abstract bool AllLessThanOrEqual(V left, V right);

    /// <summary>Whether every lane is positive, finite and no denormal.</summary>
    static abstract bool AllPositiveNormal(V x);
}
