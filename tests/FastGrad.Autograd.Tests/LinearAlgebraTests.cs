using System.Numerics;
using FastGrad.Kernels.Philox;

namespace FastGrad.Autograd.Tests;

/// <summary>Linear algebra by its identities, what it refuses, and in captured programs. Derivatives against numeric ones are the catalogue's.</summary>
public sealed class LinearAlgebraTests
{
    private static readonly Tensor<double> s_random = Random<double>([2, 5, 5], 1), s_definite = Definite(s_random);

    [Fact]
    public void FactorsMultiplyBackToTheMatrix()
    {
        Tensor<double> l = s_definite.Cholesky(), u = s_definite.Cholesky(upper: true);
        Near(s_definite, l.MatMul(l.Transpose()), 1e-14);
        Near(s_definite, u.Transpose().MatMul(u), 1e-14);
        Assert.Equal(l.Triu(1).ToArray(), new double[50]);
        foreach (Shape shape in (Shape[])[[2, 5, 3], [4, 4], [3, 2, 5], [5, 0], [1, 1]])
        {
            Tensor<double> a = Random<double>(shape, 2);
            (Tensor<double> q, Tensor<double> r) = a.Qr();
            Near(a, q.MatMul(r), 1e-14);
            Near(Identity<double>(q.Shape[-1]).BroadcastTo(q.Transpose().MatMul(q).Shape), q.Transpose().MatMul(q), 1e-14);
            Assert.All(r.Tril(-1).ToArray(), e => Assert.Equal(0, e));
        }
        (Tensor<double> values, Tensor<double> vectors) = s_definite.SymmetricEigen();
        Near(s_definite, (vectors * values.Unsqueeze(-2)).MatMul(vectors.Transpose()), 1e-13);
        Near(values, s_definite.SymmetricEigenvalues(), 1e-14);
        Assert.Equal(values.Sort().Values.ToArray(), values.ToArray());
    }

    [Fact]
    public void SolutionsSolve()
    {
        Tensor<double> a = s_random + 4 * Identity<double>(5), b = Random<double>([2, 5, 3], 3), wide = Random<double>([3, 5], 4);
        Near(b, a.MatMul(a.Solve(b)), 1e-14);
        Near(wide.BroadcastTo([2, 3, 5]), a.Solve(wide, left: false).MatMul(a), 1e-14);
        Near(Identity<double>(5).BroadcastTo([2, 5, 5]), a.Inverse().MatMul(a), 1e-14);
        Tensor<double> vector = Random<double>([5], 5);
        Near(vector.Unsqueeze(-1).BroadcastTo([2, 5, 1]), a.MatMul(a.Solve(vector).Unsqueeze(-1)), 1e-14);
        foreach ((bool upper, bool transposed, bool unit) in (ReadOnlySpan<(bool, bool, bool)>)[(false, false, false), (false, true, true), (true, false, true), (true, true, false)])
        {
            Tensor<double> t = upper ? a.Triu() : a.Tril();
            t = unit ? (upper ? a.Triu(1) : a.Tril(-1)) + Identity<double>(5) : t;
            t = transposed ? t.Transpose() : t;
            Near(b, t.MatMul(a.TriangularSolve(b, upper, transposed: transposed, unitDiagonal: unit)), 1e-13);
            Near(wide.BroadcastTo([2, 3, 5]), a.TriangularSolve(wide, upper, left: false, transposed, unit).MatMul(t), 1e-13);
        }
    }

    [Fact]
    public void BatchesBroadcastAsInTorch()
    {
        Tensor<double> a = Random<double>([3, 1, 2, 2], 6) + 4 * Identity<double>(2), b = Leaf(Random<double>([4, 2, 1], 7)), leaf = Leaf(a);
        Tensor<double> x = leaf.Solve(b);
        Assert.Equal([3, 4, 2, 1], x.Shape.Axes);
        (x * x).Sum().Backward();
        Assert.Equal(a.Shape, leaf.Grad!.Shape);
        Assert.Equal(b.Shape, b.Grad!.Shape);
        Tensor<double> one = Leaf(b.Detach().Clone());
        Tensor<double> same = a.BroadcastTo([3, 4, 2, 2]).Inverse().MatMul(one.BroadcastTo([3, 4, 2, 1]));
        (same * same).Sum().Backward();
        Near(one.Grad!, b.Grad, 1e-14);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public void TheGradientOfTheLogDeterminantIsTheInverseTransposed(int n)
    {
        Tensor<double> a = Leaf(Random<double>([n, n], 8) + 4 * Identity<double>(n));
        a.LogDeterminant().Sum().Backward();
        Near(a.Detach().Inverse().Transpose(), a.Grad!, 1e-14);
        Tensor<double> b = Leaf(-a.Detach());
        (Tensor<double> sign, Tensor<double> log) = b.SignedLogDeterminant();
        Assert.Equal(n % 2 == 0 ? 1 : -1, sign.Item());
        log.Backward();
        Near(b.Detach().Inverse().Transpose(), b.Grad!, 1e-14);
        Tensor<double> c = Leaf(a.Detach().Clone());
        c.Determinant().Backward();
        Near(c.Detach().Inverse().Transpose() * c.Detach().Determinant(), c.Grad!, 1e-13);
        Assert.Equal(Math.Exp(log.Item()), Math.Abs(c.Detach().Determinant().Item()), 1e-10 * Math.Exp(log.Item()));
    }

    [Fact]
    public void DeterminantsOfSingularMatricesAreStated()
    {
        Tensor<double> singular = Tensor.From(new double[,] { { 1, 2 }, { 2, 4 } });
        Assert.Equal((0, double.NegativeInfinity), (singular.SignedLogDeterminant().Sign.Item(), singular.SignedLogDeterminant().LogAbsolute.Item()));
        Assert.Equal(double.NegativeInfinity, singular.LogDeterminant().Item());
        Assert.True(double.IsNaN(Tensor.From(new double[,] { { 0, 1 }, { 1, 0 } }).LogDeterminant().Item()));
        Assert.Equal(1, Tensor.Zeros<double>([0, 0]).Determinant().Item());
        Assert.Equal([0.0, 0], Tensor.Zeros<double>([2, 3, 3]).Determinant().ToArray());
    }

    [Fact]
    public void ASecondDerivativeIsSymmetricInTheOrderOfDifferentiation()
    {
        Tensor<double> a = s_definite.Select(0, 0).Clone(), v = Random<double>([5, 5], 9);
        foreach (Func<Tensor<double>, Tensor<double>> f in (Func<Tensor<double>, Tensor<double>>[])
            [x => x.Cholesky().Square().Sum() + x.LogDeterminant(), x => x.Inverse().Square().Sum(), x => (x.SymmetricEigen().Vectors.Square() * s_definite.Select(0, 1)).Sum(), x => x.Qr().R.Square().Triu().Sum()])
        {
            Tensor<double> Symmetric(Tensor<double> x) => f((x + x.Transpose()) * 0.5);
            Near(Transforms.Hvp(Symmetric, a, v), Transforms.Vhp(Symmetric, a, v), 1e-11);
        }
    }

    [Fact]
    public void TheThirdDerivativeOfALogDeterminantIsClosed()
    {
        // log det (A + t·A) = n·log(1 + t) + …: derivatives n, −n, 2n at t = 0.
        Tensor<double> a = s_definite.Select(0, 0).Clone();
        Func<Tensor<double>, Tensor<double>> f = t => (a + t * a).LogDeterminant(), third = Transforms.Grad(Transforms.Grad(Transforms.Grad(f)));
        Assert.Equal(10, third(Tensor.Scalar(0.0)).Item(), 1e-11);
        // det (t·I) = t⁵: 60·t² at 2.
        Func<Tensor<double>, Tensor<double>> power = t => (t * Identity<double>(5)).Determinant();
        Assert.Equal(240, Transforms.Grad(Transforms.Grad(Transforms.Grad(power)))(Tensor.Scalar(2.0)).Item(), 1e-11);
    }

    [Fact]
    public void EqualEigenvaluesHaveNoEigenvectorDerivatives()
    {
        Tensor<double> unit = Leaf(Identity<double>(3));
        ArgumentException error = Assert.Throws<ArgumentException>("x", () => unit.SymmetricEigen().Vectors.Slice(1, 0, 1).Sum().Backward());
        Assert.Contains("eigenvalues 1 and 0, 1 and 1, are equal", error.Message, StringComparison.Ordinal);
        // Their sum has one: the trace's.
        unit.SymmetricEigen().Values.Sum().Backward();
        Near(Identity<double>(3), unit.Grad!, 1e-15);
        Tensor<double> again = Leaf(Identity<double>(3));
        again.SymmetricEigenvalues().Sum().Backward();
        Near(Identity<double>(3), again.Grad!, 1e-15);
        // Far from rounding apart: a gap of 1e-9 is one.
        Tensor<double> close = Leaf(Tensor.From(new double[,] { { 1, 0 }, { 0, 1 + 1e-9 } }));
        close.SymmetricEigen().Vectors.Slice(1, 0, 1).Sum().Backward();
        Assert.Equal(0.5e9, Math.Abs(close.Grad![0, 1]), 1e3);
    }

    [Fact]
    public void DependentColumnsHaveNoDerivativeOfQr()
    {
        Tensor<double> a = Leaf(Tensor.From(new double[,] { { 1, 2 }, { 1, 2 }, { 3, 6 } }));
        (Tensor<double> q, Tensor<double> r) = a.Qr();
        Near(a.Detach(), q.Detach().MatMul(r.Detach()), 1e-14);
        Assert.Contains("singular to working precision: element [1, 1]", Assert.Throws<ArgumentException>("x", () => r.Sum().Backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MistakesAreNamed()
    {
        Tensor<double> a = Tensor.From(new double[,] { { 1, 2 }, { 3, 4 } }), wide = Tensor.Zeros<double>([2, 3]), vector = Tensor.Zeros<double>([2]);
        Says("'cholesky' of a tensor of shape [2, 3]; expected square matrices, not 2 by 3", () => wide.Cholesky());
        Says("'inverse' of a tensor of shape [2]; expected a matrix", () => vector.Inverse());
        Says("'cholesky': matrix 0 of shape [2, 2] is not symmetric: element [1, 0] is 3, element [0, 1] is 2", () => a.Cholesky());
        Says("'symmetric-eigen': matrix 0 of shape [2, 2] is not symmetric", () => a.SymmetricEigen());
        Says("'cholesky': matrix 1 of shape [2, 2, 2] is not positive definite to working precision: its leading 2 by 2 part is not", () =>
            Tensor.From<double>([1, 0, 0, 1, 1, 2, 2, 1], [2, 2, 2]).Cholesky());
        Says("'symmetric-eigenvalues': matrix 0 of shape [1, 1] holds NaN; expected finite numbers", () => Tensor.Full([1, 1], double.NaN).SymmetricEigenvalues());
        Says("'solve': matrix 0 of shape [2, 2] is singular: column 1 depends", () => Tensor.From(new double[,] { { 1, 2 }, { 2, 4 } }).Solve(vector));
        Says("'triangular-solve': triangular matrix 0 of shape [2, 2] is singular: element [1, 1] is 0", () => Tensor.From(new double[,] { { 1, 2 }, { 2, 0 } }).TriangularSolve(Tensor.Ones<double>([2, 1]), upper: true));
        Says("'solve' of matrices [2, 2] with right-hand sides [3, 1]; expected [..., 2, k]", () => a.Solve(Tensor.Zeros<double>([3, 1])), "b");
        Says("'signed-log-determinant' of a tensor of shape [2, 3]", () => wide.SignedLogDeterminant());
        Says("'qr' of a tensor of shape [2]", () => vector.Qr());

        static void Says(string message, Action action, string name = "x") =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(name, action).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RoundingIsNoAsymmetry()
    {
        Tensor<float> x = Random<float>([40, 6], 10);
        Tensor<float> inverse = (x.Transpose().MatMul(x) + Identity<float>(6)).Inverse();
        Tensor<float> l = inverse.Cholesky();
        float[] expected = inverse.ToArray(), actual = l.MatMul(l.Transpose()).ToArray();
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5f);
    }

    [Fact]
    public void ACapturedStepGivesTheBitsOfTheEagerOneAndChecksEachRun()
    {
        double[] memory = s_definite.ToArray();
        Tensor<double> a = Tensor.Wrap(memory.AsMemory(), [2, 5, 5]), b = Random<double>([2, 5, 3], 11);
        a.RequiresGrad = true;
        Tensor<double> Loss()
        {
            Tensor<double> s = (a + a.Transpose()) * 0.5;
            (Tensor<double> q, Tensor<double> r) = a.Qr();
            (Tensor<double> values, Tensor<double> vectors) = s.SymmetricEigen();
            return s.Cholesky().TriangularSolve(b, upper: false).Sum() + a.Solve(b).Square().Sum() + a.Inverse().Sum() + a.SignedLogDeterminant().LogAbsolute.Sum()
                + a.Determinant().Sum() + (q.Square() * r).Sum() + (values.Unsqueeze(-2) * vectors.Square()).MatMul(b).Sum() + s.SymmetricEigenvalues().Square().Sum();
        }

        Tensor<double> captured = null!;
        Program program = Capture.Record<double>(() =>
        {
            a.ZeroGrad();
            captured = Loss();
            captured.Backward();
            return [captured];
        });
        foreach (double factor in (double[])[1, 1.5])
        {
            for (int i = 0; i < memory.Length; i++)
                memory[i] = s_definite.ToArray()[i] * factor;
            program.Run();
            (double value, double[] gradient) = (captured.Item(), a.Grad!.ToArray());
            a.ZeroGrad();
            Tensor<double> eager = Loss();
            eager.Backward();
            Assert.Equal(eager.Item(), value);
            Assert.Equal(a.Grad!.ToArray(), gradient);
        }
        memory.AsSpan().Clear();
        Assert.Contains("is not positive definite", Assert.Throws<ArgumentException>("x", program.Run).Message, StringComparison.Ordinal);
    }

    private static void Near(Tensor<double> expected, Tensor<double> actual, double tolerance)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double[] e = expected.ToArray(), a = actual.ToArray();
        double scale = e.Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (int i = 0; i < e.Length; i++)
            Assert.Equal(e[i], a[i], tolerance * Math.Max(scale, 1e-300));
    }

    private static Tensor<T> Leaf<T>(Tensor<T> x)
        where T : unmanaged
    {
        Tensor<T> leaf = x.Clone();
        leaf.RequiresGrad = true;
        return leaf;
    }

    private static Tensor<double> Definite(Tensor<double> x) => x.MatMul(x.Transpose()) + Identity<double>(5);

    private static Tensor<T> Identity<T>(int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = new T[n * n];
        for (int i = 0; i < n; i++)
            values[i * n + i] = T.One;
        return Tensor.From<T>(values, [n, n]);
    }

    private static Tensor<T> Random<T>(Shape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = new T[shape.Length];
        new PhiloxStream(seed, 1).FillUniform(values.AsSpan(), -T.One, T.One);
        return Tensor.From<T>(values, shape);
    }
}
