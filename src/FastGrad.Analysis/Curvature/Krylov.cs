using FastGrad.Kernels.LinearAlgebra;
using FastGrad.Kernels.Philox;

namespace FastGrad.Analysis.Curvature;

/// <summary>Lanczos' iteration with full reorthogonalisation: an orthonormal basis Q in which the Hessian is tridiagonal.</summary>
/// <remarks>
/// <para>
/// Each new vector is made orthogonal to all before it twice ("twice is enough", Parlett 1998, The Symmetric Eigenvalue Problem, section 6.9):
/// without it rounding brings copies of eigenvalues that were found already.
/// </para>
/// <para>
/// Where the space is exhausted (β vanishes against ‖H‖) the iteration goes on from another random vector, with β = 0: that is how the further
/// vectors of a multiple eigenvalue are found.
/// </para>
/// </remarks>
internal sealed class Krylov(Objective objective, PhiloxStream random)
{
    private readonly List<double[]> _basis = [];
    private readonly List<double> _diagonal = [], _beside = [];
    private double[]? _next;
    private double _norm;
    private ulong _drawn;

    /// <summary>The number of vectors.</summary>
    public int Steps => _diagonal.Count;

    /// <summary>The last β: how far Q's space is from being invariant.</summary>
    public double Last => _beside.Count == 0 ? double.PositiveInfinity : _beside[^1];

    /// <summary>Starts from a vector of one's own in place of a random one.</summary>
    public void Start(double[] v)
    {
        _next = [.. v];
        Vectors.Scale(_next, 1 / Vectors.Norm(_next));
    }

    /// <summary>One product with the Hessian more.</summary>
    /// <returns>False where the basis is whole, or the product is not finite.</returns>
    public bool Step()
    {
        if (Steps == objective.Count)
            return false;
        double[] q = _next ?? Fresh();
        double[] w = objective.HessianTimes(q);
        double length = Vectors.Norm(w);
        if (!double.IsFinite(length))
            return false;
        _norm = Math.Max(_norm, length);
        _basis.Add(q);
        _diagonal.Add(Vectors.Dot(q, w));
        Orthogonalise(w);
        double beta = Vectors.Norm(w);
        if (Steps < objective.Count && beta > 1e-13 * _norm)
        {
            Vectors.Scale(w, 1 / beta);
            _next = w;
        }
        else
        {
            beta = 0;
            _next = null;
        }
        _beside.Add(beta);
        return true;
    }

    /// <summary>The eigenvalues of the tridiagonal matrix, ascending, and its eigenvectors as columns.</summary>
    public (double[] Values, double[] Vectors) Ritz()
    {
        int m = Steps;
        double[] t = new double[m * m], values = new double[m], vectors = new double[m * m];
        for (int i = 0; i < m; i++)
        {
            t[i * m + i] = _diagonal[i];
            if (i + 1 < m)
                t[i * m + i + 1] = t[(i + 1) * m + i] = _beside[i];
        }
        SymmetricEigen.Decompose<double>(m, t, values, vectors);
        return (values, vectors);
    }

    /// <summary>Q·s for column i of the eigenvectors.</summary>
    public double[] Lift(double[] vectors, int column)
    {
        double[] lifted = new double[objective.Count];
        for (int j = 0; j < Steps; j++)
            Vectors.Add(lifted, vectors[j * Steps + column], _basis[j]);
        Vectors.Scale(lifted, 1 / Vectors.Norm(lifted));
        return lifted;
    }

    private double[] Fresh()
    {
        double[] v = new double[objective.Count];
        double norm = 0;
        while (!(norm > 1e-8)) // a draw that lies in the space already is drawn again
        {
            random.FillNormal<double>(v, 0, 1, _drawn);
            _drawn += (ulong)v.Length;
            Vectors.Scale(v, 1 / Vectors.Norm(v));
            Orthogonalise(v);
            norm = Vectors.Norm(v);
        }
        Vectors.Scale(v, 1 / norm);
        Orthogonalise(v);
        Vectors.Scale(v, 1 / Vectors.Norm(v));
        return v;
    }

    private void Orthogonalise(double[] w)
    {
        for (int pass = 0; pass < 2; pass++)
            foreach (double[] q in _basis)
                Vectors.Add(w, -Vectors.Dot(q, w), q);
    }
}
