namespace FastGrad.Autograd;

/// <summary>A number for each of two spatial axes; a plain number means both: <c>Stride = 2</c>, <c>Padding = (1, 0)</c>. One-dimensional operations read <see cref="Columns"/>.</summary>
/// <param name="Rows">For the first spatial axis of two.</param>
/// <param name="Columns">For the last axis.</param>
public readonly record struct PerAxis(int Rows, int Columns)
{
    /// <summary>The same for both axes.</summary>
    public static implicit operator PerAxis(int value) => new(value, value);

    /// <summary>One number each: rows, columns.</summary>
    public static implicit operator PerAxis((int Rows, int Columns) values) => new(values.Rows, values.Columns);

    /// <summary>The same for both axes.</summary>
    public static PerAxis FromInt32(int value) => value;

    /// <summary>One number each: rows, columns.</summary>
    public static PerAxis FromValueTuple((int Rows, int Columns) values) => values;

    /// <summary>For example <c>3</c> or <c>(3, 1)</c>.</summary>
    public override string ToString() => Rows == Columns ? $"{Rows}" : $"({Rows}, {Columns})";
}
