using System.Numerics;
using FastGrad.Kernels.LinearAlgebra;

namespace FastGrad.Legs.Cases;

/// <summary>Factorisations of one matrix each, in both types.</summary>
internal static class LinearAlgebraCases
{
    private const int N = 37;

    public static IEnumerable<Case> All() => [.. Of<float>("float"), .. Of<double>("double")];

    private static IEnumerable<Case> Of<T>(string type)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        yield return new($"linalg.cholesky.{type}", digest =>
        {
            T[] a = Symmetric<T>();
            for (int i = 0; i < N; i++)
                a[i * N + i] += T.CreateChecked(N);
            Cholesky.Factor<T>(N, a);
            digest.Add<T>(a);
        });
        yield return new($"linalg.lu.{type}", digest =>
        {
            T[] a = Inputs.Uniform<T>(N * N, 41), b = Inputs.Uniform<T>(N * 5, 42);
            int[] pivots = new int[N];
            LuDecomposition.Factor<T>(N, a, pivots);
            LuDecomposition.Solve<T>(true, N, 5, a, pivots, b);
            digest.Add<T>(a);
            digest.Add<T>(b);
        });
        yield return new($"linalg.qr.{type}", digest =>
        {
            T[] q = new T[N * 20], r = new T[400];
            QrDecomposition.Decompose<T>(N, 20, Inputs.Uniform<T>(N * 20, 43), q, r);
            digest.Add<T>(q);
            digest.Add<T>(r);
        });
        yield return new($"linalg.triangular.{type}", digest =>
        {
            T[] t = Inputs.Uniform<T>(N * N, 44), b = Inputs.Uniform<T>(N * 5, 45);
            for (int i = 0; i < N; i++)
                t[i * N + i] += T.CreateChecked(N);
            foreach (bool upper in (bool[])[false, true])
            {
                foreach (bool transposed in (bool[])[false, true])
                    TriangularSolve.Solve<T>(upper, transposed, unitDiagonal: transposed, N, 5, t, b);
            }
            digest.Add<T>(b);
        });
        yield return new($"linalg.determinant.{type}", digest =>
        {
            T[] a = Inputs.Uniform<T>(N * N, 46), cofactors = new T[N * N], lu = [.. a];
            int[] pivots = new int[N];
            LuDecomposition.Factor<T>(N, lu, pivots);
            (int sign, T log) = LuDecomposition.LogDeterminant<T>(N, lu, pivots);
            Cofactors.Write<T>(N, a, cofactors);
            digest.Add<T>([LuDecomposition.Determinant<T>(N, lu, pivots), T.CreateChecked(sign), log]);
            digest.Add<T>(cofactors);
        });
        yield return new($"linalg.eigen.{type}", digest =>
        {
            T[] values = new T[N], vectors = new T[N * N];
            SymmetricEigen.Decompose<T>(N, Symmetric<T>(), values, vectors);
            digest.Add<T>(values);
            digest.Add<T>(vectors);
        });
    }

    private static T[] Symmetric<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = Inputs.Uniform<T>(N * N, 40);
        for (int i = 0; i < N; i++)
            for (int j = 0; j < i; j++)
                a[i * N + j] = a[j * N + i];
        return a;
    }
}
