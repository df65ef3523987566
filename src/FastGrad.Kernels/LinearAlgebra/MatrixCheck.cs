using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.LinearAlgebra;

/// <summary>Argument checks shared by the factorisations.</summary>
internal static class MatrixCheck
{
    /// <summary>A dense matrix of the given shape, row by row.</summary>
    public static void Shape<T>(ReadOnlySpan<T> a, int rows, int columns, [CallerArgumentExpression(nameof(a))] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (a.Length != (long)rows * columns)
            throw new ArgumentException($"{name} has {a.Length} elements; [{rows},{columns}] needs {(long)rows * columns}.", name);
    }

    /// <summary>A span that is written must not share memory with another operand.</summary>
    public static void Apart<T>(ReadOnlySpan<T> written, ReadOnlySpan<T> other, string name)
    {
        if (written.Overlaps(other))
            throw new ArgumentException($"{name} overlaps another operand.", name);
    }
}
