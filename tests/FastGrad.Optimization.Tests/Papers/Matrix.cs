namespace FastGrad.Optimization.Tests.Papers;

/// <summary>A small matrix with the operations that papers use, in the plainest form.</summary>
public sealed class Matrix(int rows, int columns, Func<int, int, double> element)
{
    private readonly double[] _elements = [.. Enumerable.Range(0, rows * columns).Select(k => element(k / columns, k % columns))];

    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public double this[int i, int j]
    {
        get => _elements[i * Columns + j];
        set => _elements[i * Columns + j] = value;
    }

    public Matrix Transposed => new(Columns, Rows, (i, j) => this[j, i]);

    public double Norm => Math.Sqrt(_elements.Sum(v => v * v));

    public Matrix Scaled(double factor) => new(Rows, Columns, (i, j) => factor * this[i, j]);

    public static Matrix Identity(int n) => new(n, n, (i, j) => i == j ? 1 : 0);

    public static Matrix operator +(Matrix a, Matrix b) => new(a.Rows, a.Columns, (i, j) => a[i, j] + b[i, j]);

    public static Matrix operator *(Matrix a, Matrix b) => new(a.Rows, b.Columns, (i, j) => Enumerable.Range(0, a.Columns).Sum(k => a[i, k] * b[k, j]));
}
