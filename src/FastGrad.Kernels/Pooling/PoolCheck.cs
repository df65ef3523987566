namespace FastGrad.Kernels.Pooling;

/// <summary>Checks of the operands' lengths.</summary>
internal static class PoolCheck
{
    public static void Planes<T>(int planes, PoolAxis rows, PoolAxis columns, ReadOnlySpan<T> x, string xName, ReadOnlySpan<T> y, string yName)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(planes);
        Length(x, (long)planes * rows.Input * columns.Input, xName, planes, rows.Input, columns.Input);
        Length(y, (long)planes * rows.Output * columns.Output, yName, planes, rows.Output, columns.Output);
        if (x.Overlaps(y))
            throw new ArgumentException($"{yName} overlaps {xName}; expected no memory in common.", yName);
    }

    private static void Length<T>(ReadOnlySpan<T> values, long expected, string name, int planes, int rows, int columns)
    {
        if (values.Length != expected)
            throw new ArgumentException($"{name} has {values.Length} elements; expected {expected}: [{planes}, {rows}, {columns}].", name);
    }
}
