using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>The last pairs of steps s and changes of gradient y, and the product of the inverse Hessian that they imply with a vector.</summary>
/// <remarks>Nocedal 1980, "Updating quasi-Newton matrices with limited storage": two loops over the pairs.</remarks>
internal sealed class LimitedMemory(int capacity)
{
    private readonly List<(double[] S, double[] Y, double Sy)> _pairs = [];

    public bool IsEmpty => _pairs.Count == 0;

    public void Forget() => _pairs.Clear();

    /// <summary>Remembers a step, if it met positive curvature.</summary>
    public bool Add(double[] s, double[] y)
    {
        double sy = Vectors.Dot(s, y);
        if (sy <= 1e-14 * Vectors.Norm(s) * Vectors.Norm(y))
            return false;
        if (_pairs.Count == capacity)
            _pairs.RemoveAt(0);
        _pairs.Add((s, y, sy));
        return true;
    }

    /// <summary>q ← H·q.</summary>
    public void Apply(Span<double> q)
    {
        Span<double> alpha = stackalloc double[_pairs.Count];
        for (int k = _pairs.Count - 1; k >= 0; k--)
        {
            alpha[k] = Vectors.Dot(_pairs[k].S, q) / _pairs[k].Sy;
            Vectors.AddScaled(q, -alpha[k], _pairs[k].Y, q);
        }
        if (_pairs.Count > 0)
            Vectors.Scale(_pairs[^1].Sy / Vectors.Dot(_pairs[^1].Y, _pairs[^1].Y), q, q);
        for (int k = 0; k < _pairs.Count; k++)
            Vectors.AddScaled(q, alpha[k] - Vectors.Dot(_pairs[k].Y, q) / _pairs[k].Sy, _pairs[k].S, q);
    }
}
