namespace FastGrad.Plugins.Minimizers;

/// <summary>A + E = LDLᵀ, with the least diagonal E, in the sense of the bounds, that makes it positive definite: 0 where A is safely so.</summary>
/// <remarks>Gill, Murray, Wright 1981, "Practical Optimization", section 4.4.2.2, without interchanges.</remarks>
internal sealed class ModifiedCholesky(int n)
{
    private const double Epsilon = 2.220446049250313e-16;

    private readonly double[] _factor = new double[n * n];
    private readonly double[] _diagonal = new double[n];

    /// <summary>Whether the last matrix was changed.</summary>
    public bool Changed { get; private set; }

    /// <summary>Factors a symmetric matrix, of which the lower triangle is read.</summary>
    public void Factor(ReadOnlySpan<double> a)
    {
        double onDiagonal = 0, offDiagonal = 0;
        for (int i = 0; i < n; i++)
        {
            onDiagonal = Math.Max(onDiagonal, Math.Abs(a[i * n + i]));
            for (int j = 0; j < i; j++)
                offDiagonal = Math.Max(offDiagonal, Math.Abs(a[i * n + j]));
        }
        double beta = Math.Max(Math.Max(onDiagonal, n > 1 ? offDiagonal / Math.Sqrt((double)n * n - 1) : 0), Epsilon);
        double least = Epsilon * Math.Max(onDiagonal + offDiagonal, 1);
        Changed = false;
        for (int j = 0; j < n; j++)
        {
            double largest = 0;
            for (int i = j; i < n; i++)
            {
                double c = a[i * n + j];
                for (int s = 0; s < j; s++)
                    c -= _diagonal[s] * _factor[i * n + s] * _factor[j * n + s];
                _factor[i * n + j] = c;
                if (i > j)
                    largest = Math.Max(largest, Math.Abs(c));
            }
            double pivot = _factor[j * n + j];
            _diagonal[j] = Math.Max(Math.Max(Math.Abs(pivot), largest * largest / beta), least);
            Changed |= _diagonal[j] != pivot;
            _factor[j * n + j] = 1;
            for (int i = j + 1; i < n; i++)
                _factor[i * n + j] /= _diagonal[j];
        }
    }

    /// <summary>x ← (A + E)⁻¹x.</summary>
    public void Solve(Span<double> x)
    {
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                x[i] -= _factor[i * n + j] * x[j];
        }
        for (int i = 0; i < n; i++)
            x[i] /= _diagonal[i];
        for (int i = n - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < n; j++)
                x[i] -= _factor[j * n + i] * x[j];
        }
    }
}
