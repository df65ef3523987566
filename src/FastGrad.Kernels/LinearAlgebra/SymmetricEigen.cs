using System.Buffers;
using System.Numerics;

namespace FastGrad.Kernels.LinearAlgebra;

/// <summary>A = V·diag(λ)·Vᵀ for symmetric A: eigenvalues in ascending order, orthonormal eigenvectors as columns of V.</summary>
/// <remarks>
/// Householder's reflections to tridiagonal form, then the QL iteration with implicit shifts (Golub and Van Loan 2013, Matrix Computations, sections 8.3.1
/// and 8.3.5; mirrored). Errors of eigenvalues are a few units of rounding of the largest one in size. The sign of an eigenvector, and the basis of a multiple eigenvalue's
/// space, are whatever the iteration leaves: the same on every machine. Scratch of n² elements, twice that with eigenvectors, is borrowed. Matrices are dense and row-major.
/// </remarks>
public static class SymmetricEigen
{
    /// <summary>Iterations for one eigenvalue; two or three are usual.</summary>
    private const int MostIterations = 60;

    /// <summary>Writes the eigenvalues, and the eigenvectors where they are wanted.</summary>
    /// <param name="n">Rows and columns.</param>
    /// <param name="a">A [n,n]; the mean of A and Aᵀ is taken.</param>
    /// <param name="values">n elements, ascending.</param>
    /// <param name="vectors">[n,n], or empty.</param>
    /// <returns>Whether all elements are finite and the iteration converged, as it does for all matrices that are known. Otherwise the results mean nothing.</returns>
    /// <exception cref="ArgumentException">A span has another length than its shape, or they overlap.</exception>
    public static bool Decompose<T>(int n, ReadOnlySpan<T> a, Span<T> values, Span<T> vectors = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixCheck.Shape(a, n, n);
        MatrixCheck.Shape<T>(values, n, 1);
        if (!vectors.IsEmpty)
            MatrixCheck.Shape<T>(vectors, n, n);
        MatrixCheck.Apart<T>(values, vectors, nameof(values));
        if (n == 0)
            return true;
        int square = n * n, all = vectors.IsEmpty ? 0 : square;
        T[] scratch = ArrayPool<T>.Shared.Rent(square + all + 5 * n);
        Span<T> work = scratch.AsSpan(0, square), rows = scratch.AsSpan(square, all), rest = scratch.AsSpan(square + all, 5 * n);
        bool found = Decompose(n, a, values, vectors, work, rows, rest);
        ArrayPool<T>.Shared.Return(scratch);
        return found;
    }

    private static bool Decompose<T>(int n, ReadOnlySpan<T> a, Span<T> values, Span<T> vectors, Span<T> work, Span<T> rows, Span<T> rest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T largest = T.Zero, half = T.CreateTruncating(0.5);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                work[i * n + j] = half * a[i * n + j] + half * a[j * n + i];
                if (!T.IsFinite(work[i * n + j]))
                    return false;
                largest = T.Abs(work[i * n + j]) > largest ? T.Abs(work[i * n + j]) : largest;
            }
        }
        // Scaled, so that squares neither overflow nor vanish.
        T scale = largest == T.Zero ? T.One : largest;
        foreach (ref T value in work)
            value /= scale;
        rows.Clear();
        for (int i = 0; i < n && rows.Length > 0; i++)
            rows[i * n + i] = T.One;

        Span<T> diagonal = rest[..n], beside = rest.Slice(n, n);
        Tridiagonalize(n, work, rows, diagonal, beside, rest[(2 * n)..]);
        if (!Iterate(n, diagonal, beside, rows))
            return false;

        // By selection, so that equal eigenvalues keep their order; n² comparisons are nothing beside n³ rotations.
        for (int k = 0; k < n; k++)
        {
            int least = 0;
            for (int i = 1; i < n; i++)
                least = diagonal[i] < diagonal[least] ? i : least;
            values[k] = diagonal[least] * scale;
            diagonal[least] = T.PositiveInfinity;
            for (int i = 0; i < n && rows.Length > 0; i++)
                vectors[i * n + k] = rows[least * n + i];
        }
        return true;
    }

    /// <summary>Reflections from both sides until only the diagonal and its neighbours are left; <paramref name="rows"/> takes them from the left.</summary>
    private static void Tridiagonalize<T>(int n, Span<T> a, Span<T> rows, Span<T> diagonal, Span<T> beside, Span<T> scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> v = scratch[..n], w = scratch.Slice(n, n), sums = scratch.Slice(2 * n, n);
        T half = T.CreateTruncating(0.5);
        for (int k = 0; k < n - 1; k++)
        {
            int length = n - k - 1, corner = (k + 1) * n + k + 1;
            Span<T> x = v[..length], y = w[..length];
            a.Slice(k * n + k + 1, length).CopyTo(x);
            (T tau, beside[k]) = Reflector.Make(x);
            diagonal[k] = a[k * n + k];
            if (tau == T.Zero)
                continue;
            // The rest becomes H·M·H = M − v·wᵀ − w·vᵀ with w = τ·M·v − (τ²/2)·(vᵀM·v)·v.
            T product = T.Zero;
            y.Clear();
            for (int i = 0; i < length; i++)
                Rows.AddScaled(tau * x[i], a.Slice(corner + i * n, length), y);
            for (int i = 0; i < length; i++)
                product = T.FusedMultiplyAdd(x[i], y[i], product);
            Rows.AddScaled(-(half * tau * product), x, y);
            for (int i = 0; i < length; i++)
            {
                Span<T> row = a.Slice(corner + i * n, length);
                Rows.AddScaled(-x[i], y, row);
                Rows.AddScaled(-y[i], x, row);
            }
            if (rows.Length > 0)
                Reflector.Apply(x, tau, rows[((k + 1) * n)..], n, n, sums);
        }
        diagonal[n - 1] = a[n * n - 1];
        beside[n - 1] = T.Zero;
    }

    private static bool Iterate<T>(int n, Span<T> d, Span<T> e, Span<T> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T two = T.CreateTruncating(2), rounding = T.BitIncrement(T.One) - T.One;
        for (int l = 0; l < n; l++)
        {
            for (int iteration = 0; ; iteration++)
            {
                int m = l;
                while (m < n - 1 && T.Abs(e[m]) > rounding * (T.Abs(d[m]) + T.Abs(d[m + 1])) * T.CreateTruncating(0.5))
                    m++;
                if (m == l)
                    break;
                if (iteration == MostIterations)
                    return false;
                // Wilkinson's shift: the eigenvalue of the leading 2 by 2 that is nearer to d[l].
                T g = (d[l + 1] - d[l]) / (two * e[l]), r = T.Sqrt(g * g + T.One);
                g = d[m] - d[l] + e[l] / (T.IsNegative(g) ? g - r : g + r);
                T s = T.One, c = T.One, shift = T.Zero;
                int i = m - 1;
                for (; i >= l; i--)
                {
                    T f = s * e[i], b = c * e[i];
                    r = T.Sqrt(f * f + g * g);
                    e[i + 1] = r;
                    if (r == T.Zero)
                    {
                        // The chase ends early: the matrix has split here.
                        d[i + 1] -= shift;
                        e[m] = T.Zero;
                        break;
                    }
                    (s, c) = (f / r, g / r);
                    g = d[i + 1] - shift;
                    r = (d[i] - g) * s + two * c * b;
                    shift = s * r;
                    d[i + 1] = g + shift;
                    g = c * r - b;
                    if (rows.Length > 0)
                        Rows.Rotate(c, s, rows.Slice(i * n, n), rows.Slice((i + 1) * n, n));
                }
                if (i >= l)
                    continue;
                d[l] -= shift;
                e[l] = g;
                e[m] = T.Zero;
            }
        }
        return true;
    }
}
