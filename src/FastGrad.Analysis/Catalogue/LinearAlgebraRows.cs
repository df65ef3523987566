using System.Numerics;
using FastGrad.Analysis.Reference;
using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Factorisations, solutions and determinants. Arguments are made positive definite, regular or well separated first, since single elements are varied.</summary>
internal static class LinearAlgebraRows
{
    private static readonly Shape s_one = [3, 3], s_two = [2, 2, 2];

    public static IEnumerable<OperatorRow> All =>
    [
        Rows.Operation("cholesky", typeof(Cholesky<>), x => Definite(x[0]).Cholesky(), x => Definite(x[0]).Cholesky(), x => Each(Definite(x[0]), MatrixLoops.Cholesky), [s_one], [s_two]),
        Rows.Operation("cholesky-upper", typeof(Cholesky<>), x => Definite(x[0]).Cholesky(upper: true), x => Definite(x[0]).Cholesky(upper: true), x => Each(Definite(x[0]), a => MatrixLoops.Transpose(MatrixLoops.Cholesky(a))), [s_one]),
        Rows.Operation("triangular-solve", typeof(TriangularSolve<>), x => Regular(x[0]).TriangularSolve(x[1], upper: false), x => Regular(x[0]).TriangularSolve(x[1], upper: false), x => Each(Regular(x[0]), x[1], (t, b) => MatrixLoops.Solve(MatrixLoops.Lower(t), b)), [s_one, [3, 2]], [s_two, [2, 2, 1]]),
        Rows.Operation("triangular-solve-upper", typeof(TriangularSolve<>), x => Regular(x[0]).TriangularSolve(x[1], upper: true, transposed: true), x => Regular(x[0]).TriangularSolve(x[1], upper: true, transposed: true), x => Each(Regular(x[0]), x[1], (t, b) => MatrixLoops.Solve(MatrixLoops.Lower(MatrixLoops.Transpose(t)), b)), [s_one, [3, 2]]),
        Rows.Operation("triangular-solve-right", typeof(TriangularSolve<>), x => Regular(x[0]).TriangularSolve(x[1], upper: true, left: false), x => Regular(x[0]).TriangularSolve(x[1], upper: true, left: false), x => Each(Regular(x[0]), x[1], (t, b) => MatrixLoops.Transpose(MatrixLoops.Solve(MatrixLoops.Lower(MatrixLoops.Transpose(t)), MatrixLoops.Transpose(b)))), [s_one, [2, 3]]),
        Rows.Operation("triangular-solve-unit", typeof(TriangularSolve<>), x => x[0].TriangularSolve(x[1], upper: false, transposed: true, unitDiagonal: true), x => x[0].TriangularSolve(x[1], upper: false, transposed: true, unitDiagonal: true), x => Each(x[0], x[1], (t, b) => MatrixLoops.Solve(MatrixLoops.Transpose(MatrixLoops.Lower(t, unit: true)), b)), [s_one, [3, 2]]),
        Rows.Operation("solve", typeof(Solve<>), x => Regular(x[0]).Solve(x[1]), x => Regular(x[0]).Solve(x[1]), x => Each(Regular(x[0]), x[1], MatrixLoops.Solve), [s_one, [3, 2]], [s_two, [2, 2, 1]]),
        Rows.Operation("solve-vector", typeof(Solve<>), x => Regular(x[0]).Solve(x[1]), x => Regular(x[0]).Solve(x[1]), x => Each(Regular(x[0]), x[1].Unsqueeze(-1), MatrixLoops.Solve), [s_one, [3]], [s_two, [2, 2]]),
        Rows.Operation("solve-right", typeof(Solve<>), x => Regular(x[0]).Solve(x[1], left: false), x => Regular(x[0]).Solve(x[1], left: false), x => Each(Regular(x[0]), x[1], (a, b) => MatrixLoops.Transpose(MatrixLoops.Solve(MatrixLoops.Transpose(a), MatrixLoops.Transpose(b)))), [s_one, [2, 3]]),
        Rows.Operation("inverse", typeof(Inverse<>), x => Regular(x[0]).Inverse(), x => Regular(x[0]).Inverse(), x => Each(Regular(x[0]), a => MatrixLoops.Solve(a, MatrixLoops.Identity(a.GetLength(0)))), [s_one], [s_two], [[1, 1]]),
        Rows.Operation("determinant", typeof(Determinant<>), x => x[0].Determinant(), x => x[0].Determinant(), x => Each(x[0], a => new[,] { { MatrixLoops.Determinant(a) } }), [s_one], [s_two])
            .Stating(new StatedPoint([Tensor.From(new double[,] { { 1, 2 }, { 2, 4 } })], [0], [[4, -2, -2, 1]]), new StatedPoint([Tensor.Zeros<double>([2, 2])], [0], [[0, 0, 0, 0]])),
        Rows.Operation("cofactors", typeof(Cofactors<>), x => Cofactors<double>.Instance.Apply(Regular(x[0])), x => Cofactors<float>.Instance.Apply(Regular(x[0])), x => Each(Regular(x[0]), MatrixLoops.Cofactors), [s_one], [s_two]),
        Rows.Operation("log-determinant", typeof(SignedLogDeterminant<>), x => Regular(x[0]).LogDeterminant(), x => Regular(x[0]).LogDeterminant(), x => Each(Regular(x[0]), a => new[,] { { PreciseFunctions.Log(MatrixLoops.Determinant(a)) } }), [s_one], [s_two]),
        Rows.Operation("signed-log-determinant", typeof(SignedLogDeterminant<>), x => (-Regular(x[0])).SignedLogDeterminant().LogAbsolute, x => (-Regular(x[0])).SignedLogDeterminant().LogAbsolute, x => Each(Regular(x[0]), a => new[,] { { PreciseFunctions.Log(MatrixLoops.Determinant(a)) } }), [s_one]),
        Rows.Operation("qr", typeof(Qr<>), x => Positive(Tall(x[0])), x => Positive(Tall(x[0])), x => Each(Tall(x[0]), MatrixLoops.GramSchmidt), [[4, 2]], [s_one], [[2, 3, 2]]),
        Rows.Operation("qr-wide", typeof(Qr<>), x => Wide(Tall(x[0])), x => Wide(Tall(x[0])), x => Each(Tall(x[0]), a => MatrixLoops.Multiply(a, MatrixLoops.Transpose(a))), [[2, 3]]),
        Rows.Operation("symmetric-eigen", typeof(SymmetricEigen<>), x => Separated(x[0]).SymmetricEigen().Values, x => Separated(x[0]).SymmetricEigen().Values, x => Each(Separated(x[0]), a => MatrixLoops.Eigen(a, 0)), [s_one], [s_two]),
        Rows.Operation("symmetric-eigen-vectors", typeof(SymmetricEigen<>), x => Weighted(Separated(x[0]), Tensor.From(1.0, 3, -2)), x => Weighted(Separated(x[0]), Tensor.From(1f, 3, -2)), x => Each(Separated(x[0]), a => MatrixLoops.Eigen(a, 1)), [s_one]),
        Rows.Operation("symmetric-eigenvalues", typeof(SymmetricEigenvalues<>), x => Separated(x[0]).SymmetricEigenvalues(), x => Separated(x[0]).SymmetricEigenvalues(), x => Each(Separated(x[0]), a => MatrixLoops.Eigen(a, 0)), [s_one], [s_two]),
        Rows.Operation("over-gaps", typeof(OverGaps<>), x => OverGaps<double>.Instance.Apply(x[0], Ladder(x[1])), x => OverGaps<float>.Instance.Apply(x[0], Ladder(x[1])), x => IndexLoops.Fill(x[0].Shape, i => i[0] == i[1] ? 0 : x[0][i] / (x[1][i[1]] + 6 * i[1] - x[1][i[0]] - 6 * i[0])), [s_one, [3]]),
    ];

    // X·Xᵀ/4 + I.
    private static Tensor<T> Definite<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => x.MatMul(x.Transpose()) * T.CreateTruncating(0.25) + Identity<T>(x.Shape[-1]);

    // X/2 + 4·I: dominated by its diagonal, with a positive determinant for n = 3.
    private static Tensor<T> Regular<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => x * T.CreateTruncating(0.5) + Identity<T>(x.Shape[-1]) * T.CreateTruncating(4);

    // X/2 with 3 on the diagonal, so that columns are far from depending on each other.
    private static Tensor<T> Tall<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => x * T.CreateTruncating(0.5) + Diagonal<T>(x.Shape[-2], x.Shape[-1], i => 3);

    // The symmetric part of X/2, and 0, 4, 8, … on the diagonal, so that eigenvalues stay apart.
    private static Tensor<T> Separated<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (x + x.Transpose()) * T.CreateTruncating(0.25) + Diagonal<T>(x.Shape[-1], x.Shape[-1], i => 4 * i);

    private static Tensor<T> Ladder<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => x + Diagonal<T>(3, 3, i => 6 * i).Sum([0]);

    // Q·S above S·R with the signs S that make R's diagonal positive: then both are unique.
    private static Tensor<T> Positive<T>(Tensor<T> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (Tensor<T> q, Tensor<T> r) = a.Qr();
        Tensor<T> signs = r.Diagonal(0, -2, -1).Sign();
        return TensorShapes.Concatenate(-2, q * signs.Unsqueeze(-2), r * signs.Unsqueeze(-1));
    }

    // Q·R·(Q·R)ᵀ.
    private static Tensor<T> Wide<T>(Tensor<T> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (Tensor<T> q, Tensor<T> r) = a.Qr();
        return q.MatMul(r).MatMul(r.Transpose()).MatMul(q.Transpose());
    }

    // V·diag(w)·Vᵀ: whatever the signs of eigenvectors are.
    private static Tensor<T> Weighted<T>(Tensor<T> a, Tensor<T> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> v = a.SymmetricEigen().Vectors;
        return (v * weights).MatMul(v.Transpose());
    }

    private static Tensor<T> Identity<T>(int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Diagonal<T>(n, n, _ => 1);

    private static Tensor<T> Diagonal<T>(int rows, int columns, Func<int, double> element)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = new T[rows * columns];
        for (int i = 0; i < Math.Min(rows, columns); i++)
            values[i * columns + i] = T.CreateTruncating(element(i));
        return Tensor.From<T>(values, [rows, columns]);
    }

    private static double[] Each(Tensor<double> a, Func<Precise[,], Precise[,]> f) => [.. Matrices(a).SelectMany(m => Flat(f(m)))];

    private static double[] Each(Tensor<double> a, Tensor<double> b, Func<Precise[,], Precise[,], Precise[,]> f) => [.. Matrices(a).Zip(Matrices(b), f).SelectMany(Flat)];

    private static IEnumerable<double> Flat(Precise[,] m) => m.Cast<Precise>().Select(p => p.High);

    private static IEnumerable<Precise[,]> Matrices(Tensor<double> x)
    {
        int rows = x.Shape[-2], columns = x.Shape[-1];
        foreach (double[] chunk in x.ToArray().Chunk(rows * columns))
        {
            var m = new Precise[rows, columns];
            for (int i = 0; i < chunk.Length; i++)
                m[i / columns, i % columns] = chunk[i];
            yield return m;
        }
    }
}
