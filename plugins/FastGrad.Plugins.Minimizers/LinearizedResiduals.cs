using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>r + Jp at a point, reduced to a triangle, and the minimizers p of ‖r + Jp‖² + λ‖Dp‖².</summary>
/// <remarks>D holds the largest lengths of J's columns so far, so that the variables' units do not matter (Moré 1978).</remarks>
internal sealed class LinearizedResiduals
{
    private readonly MinimizationRun _run;
    private readonly int _m, _n;
    private readonly double[] _residuals, _jacobian, _work, _image, _stacked, _right;

    public LinearizedResiduals(MinimizationRun run)
    {
        (_run, _m, _n) = (run, run.Problem.ResidualCount, run.Dimension);
        int rows = Math.Max(_m, _n);
        (_residuals, _jacobian, _work, _image) = (new double[_m], new double[_m * _n], new double[rows * _n], new double[rows]);
        (_stacked, _right, Scale) = (new double[2 * _n * _n], new double[2 * _n], new double[_n]);
    }

    /// <summary>D.</summary>
    public double[] Scale { get; }

    /// <summary>r.</summary>
    public ReadOnlySpan<double> Residuals => _residuals;

    /// <summary>Linearizes at x. A frozen variable's column is taken as 0: it does not move.</summary>
    public void At(ReadOnlySpan<double> x, ReadOnlySpan<bool> frozen = default)
    {
        _run.Problem.Residual!(x, _residuals);
        _run.Problem.Jacobian!(x, _jacobian);
        for (int j = 0; j < _n; j++)
        {
            double sum = 0;
            for (int i = 0; i < _m; i++)
                sum += _jacobian[i * _n + j] * _jacobian[i * _n + j];
            Scale[j] = Math.Max(Scale[j], Math.Sqrt(sum));
            if (Scale[j] == 0)
                Scale[j] = 1;
            for (int i = 0; i < _m && frozen.Length > 0 && frozen[j]; i++)
                _jacobian[i * _n + j] = 0;
        }
        Array.Clear(_work);
        Array.Clear(_image);
        _jacobian.CopyTo(_work, 0);
        _residuals.CopyTo(_image, 0);
        Householder.Reduce(_work, Math.Max(_m, _n), _n, _image);
    }

    /// <summary>Writes p. False where λ is 0 and J has not full rank.</summary>
    public bool Step(double lambda, Span<double> p)
    {
        Array.Clear(_stacked);
        Array.Clear(_right);
        for (int i = 0; i < _n; i++)
        {
            for (int j = i; j < _n; j++)
                _stacked[i * _n + j] = _work[i * _n + j];
            _right[i] = -_image[i];
            _stacked[(_n + i) * _n + i] = Math.Sqrt(lambda) * Scale[i];
        }
        if (lambda > 0)
            Householder.Reduce(_stacked, 2 * _n, _n, _right);
        return Householder.SolveUpper(_stacked, _n, _right, p);
    }

    /// <summary>d‖Dp‖/dλ for the last step.</summary>
    public double Slope(ReadOnlySpan<double> p, double length)
    {
        Span<double> scaled = new double[_n], solved = new double[_n];
        for (int i = 0; i < _n; i++)
            scaled[i] = Scale[i] * Scale[i] * p[i] / length;
        Householder.SolveTransposed(_stacked, _n, scaled, solved);
        return -length * Vectors.Dot(solved, solved);
    }

    /// <summary>‖D⁻¹Jᵀr‖.</summary>
    public double ScaledGradientNorm()
    {
        double sum = 0;
        for (int j = 0; j < _n; j++)
        {
            double dot = 0;
            for (int i = 0; i < _m; i++)
                dot += _jacobian[i * _n + j] * _residuals[i];
            sum += dot / Scale[j] * (dot / Scale[j]);
        }
        return Math.Sqrt(sum);
    }

    /// <summary>‖Dp‖.</summary>
    public double ScaledNorm(ReadOnlySpan<double> p)
    {
        double sum = 0;
        for (int j = 0; j < _n; j++)
            sum += Scale[j] * p[j] * (Scale[j] * p[j]);
        return Math.Sqrt(sum);
    }

    /// <summary>‖r‖² − ‖r + Jp‖², without cancellation: −p·Jᵀ(2r + Jp).</summary>
    public double Fall(ReadOnlySpan<double> p)
    {
        double fall = 0;
        for (int i = 0; i < _m; i++)
        {
            double moved = Vectors.Dot(_jacobian.AsSpan(i * _n, _n), p);
            fall -= moved * (2 * _residuals[i] + moved);
        }
        return fall;
    }
}
