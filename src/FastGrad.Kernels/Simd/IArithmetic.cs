using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;

namespace FastGrad.Kernels.Simd;

/// <summary>
/// What an operator's body may do with a value of type <typeparamref name="V"/>, whose lanes are of type <typeparamref name="T"/>.
/// </summary>
/// <remarks>
/// <para>
/// A formula written once against this interface runs on SIMD vectors of every width, on one lane, on <see cref="Dual{V,T}"/>
/// (which yields its derivative) and on recorded tensors (which yield its graph). Every operation is one correctly rounded
/// IEEE 754 operation, or a selection, so all implementations give the same bits.
/// </para>
/// <para>
/// A mask is a value whose lanes have all bits set (true) or none (false). Only <see cref="Select"/>, <see cref="And"/>,
/// <see cref="Or"/> and <see cref="Not"/> may read it.
/// </para>
/// </remarks>
/// <typeparam name="V">The implementing type.</typeparam>
/// <typeparam name="T">The lane type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IArithmetic<V, T>
    where V : struct, IArithmetic<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The value with every lane equal to <paramref name="value"/>.</summary>
    static abstract V Create(T value);

    /// <summary>The value with every lane equal to the constant <paramref name="value"/>, rounded once to <typeparamref name="T"/>.</summary>
    static abstract V Constant(double value);

    /// <summary>left + right.</summary>
    static abstract V operator +(V left, V right);

    /// <summary>left − right.</summary>
    static abstract V operator -(V left, V right);

    /// <summary>left × right.</summary>
    static abstract V operator *(V left, V right);

    /// <summary>left ÷ right.</summary>
    static abstract V operator /(V left, V right);

    /// <summary>−value: the sign bit flipped.</summary>
    static abstract V operator -(V value);

    /// <summary>left × right + addend, rounded once.</summary>
    static abstract V FusedMultiplyAdd(V left, V right, V addend);

    /// <summary>√x, correctly rounded.</summary>
    static abstract V Sqrt(V x);

    /// <summary>|x|: the sign bit cleared.</summary>
    static abstract V Abs(V x);

    /// <summary>left &lt; right ? left : right. The second operand where either is NaN or both are equal.</summary>
    static abstract V Min(V left, V right);

    /// <summary>left &gt; right ? left : right. The second operand where either is NaN or both are equal.</summary>
    static abstract V Max(V left, V right);

    /// <summary>The nearest integer, ties to even.</summary>
    static abstract V Round(V x);

    /// <summary>The largest integer not above x.</summary>
    static abstract V Floor(V x);

    /// <summary>The smallest integer not below x.</summary>
    static abstract V Ceiling(V x);

    /// <summary>The integer part of x.</summary>
    static abstract V Truncate(V x);

    /// <summary>|magnitude| with the sign bit of <paramref name="sign"/>.</summary>
    static abstract V CopySign(V magnitude, V sign);

    /// <summary>Mask of left &gt; right; false where either is NaN.</summary>
    static abstract V GreaterThan(V left, V right);

    /// <summary>Mask of left ≥ right; false where either is NaN.</summary>
    static abstract V GreaterThanOrEqual(V left, V right);

    /// <summary>Mask of left = right; false where either is NaN.</summary>
    static abstract V Equal(V left, V right);

    /// <summary>Mask of left &lt; right; false where either is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual V LessThan(V left, V right) => V.GreaterThan(right, left);

    /// <summary>Mask of left ≤ right; false where either is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual V LessThanOrEqual(V left, V right) => V.GreaterThanOrEqual(right, left);

    /// <summary>Mask that is true where both are.</summary>
    static abstract V And(V left, V right);

    /// <summary>Mask that is true where either is.</summary>
    static abstract V Or(V left, V right);

    /// <summary>Mask that is true where <paramref name="mask"/> is false.</summary>
    static abstract V Not(V mask);

    /// <summary>Lane by lane, <paramref name="ifTrue"/> where the mask is true, else <paramref name="ifFalse"/>.</summary>
    static abstract V Select(V mask, V ifTrue, V ifFalse);

    /// <summary>The elementary function <paramref name="function"/> of x. Operators spell it <c>Exp&lt;T&gt;.Of(x)</c>.</summary>
    /// <remarks>
    /// One generic member, not one for each function: a new function is a new file under Functions, and vectors, duals and
    /// recorded values take it as it is.
    /// </remarks>
    static abstract V Apply<TFunction>(TFunction function, V x)
        where TFunction : struct, IFunction<T>;

    /// <summary>The elementary function <paramref name="function"/> of x and y. Operators spell it <c>Pow&lt;T&gt;.Of(x, y)</c>.</summary>
    static abstract V Apply<TFunction>(TFunction function, V x, V y)
        where TFunction : struct, IBinaryFunction<T>;
}
