using System.Numerics;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Reductions;

/// <summary>A reduction ⊕ᵢ t(xᵢ) or ⊕ᵢ t(xᵢ, yᵢ): a term, and an operation that combines two partial results.</summary>
/// <remarks>
/// Written once, it runs at every width and over flat spans, rows, columns and middle axes. The order in which terms are combined is
/// <see cref="Reduce"/>'s, so the operation need not be exactly associative; each partial result begins with a term, so no neutral
/// element is mixed in.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether the term reads a second span.</summary>
    static virtual bool ReadsSecond => false;

    /// <summary>Whether the term is a handful of instructions: eight chains then run at once. A long term hides the latency of its chain by itself.</summary>
    static virtual bool IsShort => false;

    /// <summary>The result for no elements.</summary>
    static abstract T Empty { get; }

    /// <summary>The term t(x), or t(x, y); y is undefined where <see cref="ReadsSecond"/> is false.</summary>
    V Term<V>(V x, V y)
        where V : struct, IArithmetic<V, T>;

    /// <summary>a ⊕ b, where a stands before b.</summary>
    V Combine<V>(V a, V b)
        where V : struct, IArithmetic<V, T>;
}
