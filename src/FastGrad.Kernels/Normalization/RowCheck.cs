using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.Normalization;

/// <summary>The checks of kernels that work on each row of a matrix.</summary>
internal static class RowCheck
{
    /// <summary>The span holds rows·columns elements.</summary>
    public static void Matrix<T>(ReadOnlySpan<T> x, int rows, int columns, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (x.Length != (long)rows * columns)
            throw new ArgumentException($"{name} has {x.Length} elements; expected {rows}·{columns} (rows·columns).", name);
    }

    /// <summary>The span holds outer·length·inner elements.</summary>
    public static void Lines<T>(ReadOnlySpan<T> x, int outer, int length, int inner, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outer);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegative(inner);
        if (x.Length != (long)outer * length * inner)
            throw new ArgumentException($"{name} has {x.Length} elements; expected {outer}·{length}·{inner} (outer·length·inner).", name);
    }

    /// <summary>The span holds one element for each row.</summary>
    public static void Rows<T>(ReadOnlySpan<T> x, int rows, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (x.Length != rows)
            throw new ArgumentException($"{name} has {x.Length} elements; expected {rows}, one for each row.", name);
    }

    /// <summary>The span holds one element for each column, or none, and shares no memory with another.</summary>
    public static void Parameters<T>(ReadOnlySpan<T> x, int columns, ReadOnlySpan<T> other, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (x.Length != 0 && x.Length != columns)
            throw new ArgumentException($"{name} has {x.Length} elements; expected {columns}, one for each column, or none.", name);
        if (x.Overlaps(other))
            throw new ArgumentException($"{name} overlaps another operand; expected no memory in common.", name);
    }

    /// <summary>Every label names a column.</summary>
    public static void Labels(ReadOnlySpan<int> labels, int rows, int columns)
    {
        Rows(labels, rows);
        for (int r = 0; r < labels.Length; r++)
        {
            if ((uint)labels[r] >= (uint)columns)
                throw new ArgumentOutOfRangeException(
                    nameof(labels), labels[r], $"The label of row {r} is {labels[r]}; expected 0 to {columns - 1}, a column.");
        }
    }
}
