using System.Globalization;
using FastGrad.Analysis.Expressions;
using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Minimization;
using FastGrad.Optimization.Minimization;
using FastGrad.Optimization.Options;
using FastGrad.Plugins.Minimizers;

namespace FastGrad.Cli.Commands;

/// <summary>A formula, its data and its parameters, read and judged.</summary>
internal sealed class FitRequest
{
    private const int Budget = 20_000;

    private readonly Dictionary<string, Tensor<double>> _columns = [];
    private readonly double[] _response, _weights;
    private readonly MinimizationProblem _problem;
    private readonly string _method;

    private FitRequest(Expression formula, DataSet<double> table, IReadOnlyList<string> columns, FitTable names, string[] start, string[] bounds, string method)
    {
        (Formula, Data, Response, Weights, _method) = (formula, names.Data, names.Response, names.Weights, method);
        double[] weights = names.Weights is { } weighted ? Column(table, weighted) : [];
        for (int row = 0; row < weights.Length; row++)
        {
            if (weights[row] < 0)
                throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"the weight in row {row + 1} of {Data}, column '{names.Weights}', is {weights[row]}; expected 0 or above."));
        }
        // A row of weight 0 says nothing: it counts neither as a residual nor as a degree of freedom.
        int[] used = [.. Enumerable.Range(0, table.Rows).Where(row => weights.Length == 0 || weights[row] > 0)];
        Rows = used.Length;
        _response = Used(Column(table, Response));
        _weights = weights.Length == 0 ? [.. Enumerable.Repeat(1.0, Rows)] : Used(weights);
        foreach (string name in table.FeatureNames.Where(formula.Variables.Contains))
            _columns[name] = Tensor.From<double>(Used(Column(table, name)));
        Parameters = [.. formula.Variables.Where(name => !_columns.ContainsKey(name))];
        if (Parameters.Count == 0)
            throw new UsageException($"the formula '{formula}' has no parameters: each of its names is a column of {Data}.");
        if (Rows < Parameters.Count)
            throw new UsageException($"{Rows} rows{(Rows < table.Rows ? " with a weight" : "")} cannot determine {Parameters.Count} parameters: {string.Join(", ", Parameters)}.");

        Dictionary<string, double> starts = NamedPairs.Read<double>("--start", "b1=500", start, text => NamedPairs.Number(text) is { } value && double.IsFinite(value) ? value : null, Known);
        if (Parameters.Where(name => !starts.ContainsKey(name)).ToArray() is { Length: > 0 } missing)
            throw new UsageException($"'{string.Join("', '", missing)}' {(missing.Length == 1 ? "is no column and has" : "are no columns and have")} no start; expected --start {string.Join(',', missing.Select(name => name + "=…"))}. Columns: {string.Join(", ", columns)}.");
        Start = [.. Parameters.Select(name => starts[name])];

        Dictionary<string, (double Low, double High)> sides = NamedPairs.Read<(double, double)>("--bounds", "b1=0:inf", bounds, NamedPairs.Sides, Known);
        for (int i = 0; i < Parameters.Count; i++)
        {
            if (sides.TryGetValue(Parameters[i], out (double Low, double High) side) && !(Start[i] >= side.Low && Start[i] <= side.High))
                throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"'{Parameters[i]}' starts at {Start[i]}; expected a start within its bounds {side.Low} and {side.High}."));
        }
        MinimizationProblem squares = TensorProblem.LeastSquares(Parameters.Count, Rows, Residuals);
        _problem = sides.Count == 0 ? squares : squares with
        {
            Lower = Parameters.Select(name => sides.TryGetValue(name, out var side) ? side.Low : double.NegativeInfinity).ToArray(),
            Upper = Parameters.Select(name => sides.TryGetValue(name, out var side) ? side.High : double.PositiveInfinity).ToArray(),
        };
        CheckStart(used);

        double[] Used(double[] values) => [.. used.Select(row => values[row])];
    }

    public Expression Formula { get; }

    public string Data { get; }

    public string Response { get; }

    /// <summary>The column of weights, if there is one.</summary>
    public string? Weights { get; }

    /// <summary>The rows that count.</summary>
    public int Rows { get; }

    public IReadOnlyList<string> Parameters { get; }

    public double[] Start { get; }

    /// <exception cref="UsageException">The formula, the table or an option is not as described.</exception>
    public static FitRequest Read(string formula, FitTable names, string[] start, string[] bounds, string method, CancellationToken stop)
    {
        Expression expression;
        try
        {
            expression = Expression.Parse(formula);
        }
        catch (FormatException error)
        {
            throw new UsageException(error.Message);
        }
        (DataSet<double> table, IReadOnlyList<string> columns, names) = UsageException.Wrap(() => names.Read(expression.Variables, stop));
        return new(expression, table, columns, names, start, bounds, method);
    }

    public LeastSquaresFit Fit(CancellationToken stop) => UsageException.Wrap(() =>
    {
        MinimizationOptions options = new() { GradientTolerance = 0, MaxIterations = Budget, MaxEvaluations = Budget, Cancellation = stop };
        string name = string.Equals(_method, "lm", StringComparison.OrdinalIgnoreCase) ? "levenberg-marquardt" : _method;
        return NonlinearLeastSquares.Describe(_problem, MinimizationChain.Minimize(_problem).With(name).From(Start, options));
    });

    /// <summary>Whether the search ended at a minimum: where nothing nearby is better, residuals are orthogonal to what parameters can change, or nothing.</summary>
    public bool HasConverged(LeastSquaresFit fit) => fit.Search.Converged
        && (fit.Orthogonality <= 1e-4 || fit.Search.Value <= 1e-24 * _response.Zip(_weights, (y, w) => w * y * y).Sum());

    /// <summary>1 − Σwr²/Σw(y − ȳ)², with the weighted mean ȳ; NaN for a constant response.</summary>
    public double Determination(LeastSquaresFit fit)
    {
        double mean = Vectors.Dot(_weights, _response) / _weights.Sum(), total = _response.Zip(_weights, (y, w) => w * (y - mean) * (y - mean)).Sum();
        return total == 0 ? double.NaN : 1 - fit.Search.Value / total;
    }

    private Tensor<double> Residuals(Tensor<double> parameters)
    {
        Dictionary<string, Tensor<double>> values = new(_columns);
        for (int i = 0; i < Parameters.Count; i++)
            values[Parameters[i]] = parameters.Select(0, i);
        Tensor<double> residuals = Formula.Evaluate(values) - Tensor.From<double>(_response);
        return Weights is null ? residuals : residuals * Tensor.From<double>([.. _weights.Select(Math.Sqrt)]);
    }

    private void Known(string option, string name)
    {
        if (!Parameters.Contains(name))
            throw new UsageException($"{option} names '{name}', which is {(_columns.ContainsKey(name) ? "a column" : "not in the formula")}. {Nearest.Suggest(name, Parameters)}");
    }

    private static double[] Column(DataSet<double> table, string name)
    {
        int column = table.FeatureNames.ToList().IndexOf(name);
        return [.. Enumerable.Range(0, table.Rows).Select(row => table.Features[row * table.Columns + column])];
    }

    private void CheckStart(int[] used)
    {
        double[] residuals = new double[Rows];
        _problem.Residual!(Start, residuals);
        int row = Array.FindIndex(residuals, r => !double.IsFinite(r));
        if (row >= 0)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"the formula is not finite at the start for row {used[row] + 1} of {Data} ({string.Join(", ", _columns.Select(column => $"{column.Key} = {column.Value.AsReadOnlySpan()[row]}"))}); expected another --start."));
    }
}
