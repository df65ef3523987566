using System.Globalization;
using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers.Tests;

/// <summary>Why a search missed a minimum, told from the function around the point where it ended.</summary>
/// <remarks>
/// There the gradient and the eigenvalues of the Hessian are computed anew. What a step could still win is taken from Newton's model along the directions
/// in which the function bends up: Σ (vᵢ·g)²/(2λᵢ).
/// </remarks>
internal sealed class Miss
{
    private readonly TestProblem _problem;
    private readonly MinimizationResult _result;
    private readonly double[] _start;
    private readonly double _first, _standard, _slope, _win;
    private readonly double[] _eigenvalues = [];

    private Miss(TestProblem problem, MinimizationResult result, double[] start)
    {
        (_problem, _result, _start) = (problem, result, start);
        int n = start.Length;
        double[] g = new double[n], h = new double[n * n];
        MinimizationProblem function = problem.Create();
        _first = function.Value(start);
        _standard = Math.Max(1, function.Value(problem.Start));
        function.Gradient!(result.Point, g);
        function.Hessian!(result.Point, h);
        _slope = g.Max(Math.Abs);
        if (!Array.TrueForAll(h, double.IsFinite) || !double.IsFinite(_slope))
            return;
        (_eigenvalues, double[][] vectors) = Jacobi(h, n);
        double most = _eigenvalues.Max(Math.Abs);
        for (int i = 0; i < n; i++)
        {
            if (_eigenvalues[i] > 1e-14 * most)
                _win += Math.Pow(vectors[i].Zip(g, (a, b) => a * b).Sum(), 2) / (2 * _eigenvalues[i]);
        }
    }

    /// <summary>The reason, in a few words with figures.</summary>
    public static string Reason(TestProblem problem, MinimizationResult result, double[] start) => new Miss(problem, result, start).Tell();

    private string Tell()
    {
        if (!double.IsFinite(_result.Value) || _eigenvalues.Length == 0)
            return double.IsFinite(_first) ? $"overflow: f is {Text(_first)} at the start, and its derivatives are no numbers at the end" : $"overflow: f is {Text(_first)} at the start";
        double least = _eigenvalues.Min(), most = _eigenvalues.Max(Math.Abs), far = _result.Point.Max(Math.Abs) / Math.Max(1, _start.Max(Math.Abs));
        string condition = least < -1e-10 * most ? $"eigenvalues from {Text(least)} to {Text(most)}" : least <= 1e-14 * most ? "singular Hessian" : $"condition {Text(most / least)}";
        bool isSpent = _result.Reason is ExitReason.MaxEvaluations or ExitReason.MaxIterations;
        if (isSpent)
            return $"budget spent, {Gap()}: gradient {Text(_slope)}, {condition}{(far > 1e3 ? ", running off to x = " + Text(_result.Point.Max(Math.Abs)) : "")}";
        // Nothing to win by any step, or by less than the digits of f hold.
        bool isStationary = _win <= 1e-9 * _result.Value || _slope <= 1e-10 * Math.Max(1, _result.Value);
        if (!isStationary)
            return $"rounding, no step lowers {Gap()}: gradient {Text(_slope)}, {condition}";
        return least < -1e-10 * most ? $"saddle, {Gap()}: gradient {Text(_slope)}, {condition}"
            : far > 1e2 && least <= 1e-8 * most ? $"flat far out, {Gap()} at x = {Text(_result.Point.Max(Math.Abs))}: gradient {Text(_slope)}"
            : least <= 1e-14 * most ? $"flat, {Gap()}: gradient {Text(_slope)}, singular Hessian"
            : Array.TrueForAll(_problem.Minima, minimum => _result.Value > 1.001 * minimum + 1e-8) ? $"another minimum, {Gap()}: gradient {Text(_slope)}, {condition}"
            : $"rounding, {Gap()}: gradient {Text(_slope)}, {condition}";
    }

    // How far from the nearest published minimum below.
    private string Gap()
    {
        double below = _problem.Minima.Where(minimum => minimum <= _result.Value).DefaultIfEmpty(_problem.Minima.Min()).Max();
        string value = _result.Value.ToString("G6", CultureInfo.InvariantCulture);
        return below == 0 ? _result.Value > 1e-3 * _standard ? $"f = {value}" : $"f at {Text(_result.Value / _standard)} where 1E-20 is asked"
            : _result.Value > 1.01 * below ? $"f = {value}" : $"f {Text(_result.Value / below - 1)} relative above {below.ToString("G6", CultureInfo.InvariantCulture)}";
    }

    private static string Text(double value) => value.ToString("0.##E+0", CultureInfo.InvariantCulture);

    // Cyclic rotations until what is off the diagonal is rounding.
    private static (double[] Values, double[][] Vectors) Jacobi(double[] a, int n)
    {
        double[][] vectors = [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Select(j => i == j ? 1.0 : 0).ToArray())];
        for (int sweep = 0; sweep < 60; sweep++)
        {
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    double apq = a[p * n + q];
                    if (apq == 0)
                        continue;
                    double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq), t = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1)), c = 1 / Math.Sqrt(t * t + 1), s = t * c;
                    for (int k = 0; k < n; k++)
                        (a[k * n + p], a[k * n + q]) = (c * a[k * n + p] - s * a[k * n + q], s * a[k * n + p] + c * a[k * n + q]);
                    for (int k = 0; k < n; k++)
                    {
                        (a[p * n + k], a[q * n + k]) = (c * a[p * n + k] - s * a[q * n + k], s * a[p * n + k] + c * a[q * n + k]);
                        (vectors[p][k], vectors[q][k]) = (c * vectors[p][k] - s * vectors[q][k], s * vectors[p][k] + c * vectors[q][k]);
                    }
                }
            }
        }
        return ([.. Enumerable.Range(0, n).Select(i => a[i * n + i])], vectors);
    }
}
