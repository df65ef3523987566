namespace FastGrad.Plugins.Minimizers;

/// <summary>Least squares by orthogonal reflections: no squared condition number, unlike the normal equations.</summary>
/// <remarks>Householder 1958; Golub 1965. Matrices lie row by row.</remarks>
internal static class Householder
{
    /// <summary>Reduces A (rows × n) to upper triangular form in place, and applies the same reflections to b.</summary>
    public static void Reduce(Span<double> a, int rows, int n, Span<double> b)
    {
        for (int k = 0; k < Math.Min(n, rows); k++)
        {
            double size = 0;
            for (int i = k; i < rows; i++)
                size = Math.Max(size, Math.Abs(a[i * n + k]));
            if (size == 0)
                continue;
            double sum = 0;
            for (int i = k; i < rows; i++)
                sum += a[i * n + k] / size * (a[i * n + k] / size);
            double norm = size * Math.Sqrt(sum);
            if (a[k * n + k] > 0)
                norm = -norm;
            // v = x − norm·e₁, scaled so that v₁ = 1 − x₁/norm; H = I − vvᵀ/v₁.
            double head = 1 - a[k * n + k] / norm;
            for (int i = k + 1; i < rows; i++)
                a[i * n + k] /= -norm;
            for (int j = k + 1; j < n; j++)
            {
                double dot = head * a[k * n + j];
                for (int i = k + 1; i < rows; i++)
                    dot += a[i * n + k] * a[i * n + j];
                dot /= head;
                a[k * n + j] -= dot * head;
                for (int i = k + 1; i < rows; i++)
                    a[i * n + j] -= dot * a[i * n + k];
            }
            double share = head * b[k];
            for (int i = k + 1; i < rows; i++)
                share += a[i * n + k] * b[i];
            share /= head;
            b[k] -= share * head;
            for (int i = k + 1; i < rows; i++)
                b[i] -= share * a[i * n + k];
            a[k * n + k] = norm;
        }
    }

    /// <summary>Solves Rx = b for the upper triangle R. False where R is singular to rounding.</summary>
    public static bool SolveUpper(ReadOnlySpan<double> r, int n, ReadOnlySpan<double> b, Span<double> x)
    {
        for (int i = n - 1; i >= 0; i--)
        {
            // Against its own column: the variables' units do not matter.
            double largest = 0;
            for (int k = 0; k <= i; k++)
                largest = Math.Max(largest, Math.Abs(r[k * n + i]));
            if (!(Math.Abs(r[i * n + i]) > 1e-15 * largest))
                return false;
            double sum = b[i];
            for (int j = i + 1; j < n; j++)
                sum -= r[i * n + j] * x[j];
            x[i] = sum / r[i * n + i];
        }
        return true;
    }

    /// <summary>Solves Rᵀx = b for the upper triangle R.</summary>
    public static void SolveTransposed(ReadOnlySpan<double> r, int n, ReadOnlySpan<double> b, Span<double> x)
    {
        for (int i = 0; i < n; i++)
        {
            double sum = b[i];
            for (int j = 0; j < i; j++)
                sum -= r[j * n + i] * x[j];
            x[i] = sum / r[i * n + i];
        }
    }
}
