using System.Globalization;
using FastGrad.Analysis.Expressions;
using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Minimization;
using FastGrad.Optimization.Minimization;
using FastGrad.Optimization.Options;
using FastGrad.Plugins.Minimizers;
using FastGrad.Workloads.Csv;
using FastGrad.Workloads.DataSets;

namespace FastGrad.Cli.Commands;

/// <summary>A formula, its data and its parameters, read and judged.</summary>
internal sealed class FitRequest
{
    private const int Budget = 20_000;

    private readonly Dictionary<string, Tensor<double>> _columns = [];
    private readonly double[] _response;
    private readonly MinimizationProblem _problem;
    private readonly string _method;

    private FitRequest(Expression formula, string data, DataSet<double> table, string[] start, string[] bounds, string method)
    {
        (Formula, Data, Response, Rows, _method) = (formula, data, table.TargetNames[0], table.Rows, method);
        _response = table.Targets.ToArray();
        IReadOnlyList<string> names = formula.Variables;
        if (names.Contains(Response))
            throw new UsageException($"the formula uses '{Response}', the column that is to be fitted; expected other columns, or --y.");
        for (int column = 0; column < table.Columns; column++)
        {
            if (!names.Contains(table.FeatureNames[column]))
                continue;
            double[] values = new double[table.Rows];
            for (int row = 0; row < values.Length; row++)
                values[row] = table.Features[row * table.Columns + column];
            _columns[table.FeatureNames[column]] = Tensor.From<double>(values);
        }
        Parameters = [.. names.Where(name => !_columns.ContainsKey(name))];
        if (Parameters.Count == 0)
            throw new UsageException($"the formula '{formula}' has no parameters: each of its names is a column of {data}.");
        if (table.Rows < Parameters.Count)
            throw new UsageException($"{table.Rows} rows cannot determine {Parameters.Count} parameters: {string.Join(", ", Parameters)}.");

        Dictionary<string, double> starts = Pairs<double>("--start", "b1=500", start, text => Number(text) is { } value && double.IsFinite(value) ? value : null);
        if (Parameters.Where(name => !starts.ContainsKey(name)).ToArray() is { Length: > 0 } missing)
            throw new UsageException($"'{string.Join("', '", missing)}' {(missing.Length == 1 ? "is no column and has" : "are no columns and have")} no start; expected --start {string.Join(',', missing.Select(name => name + "=…"))}. Columns: {string.Join(", ", table.FeatureNames)}.");
        Start = [.. Parameters.Select(name => starts[name])];

        Dictionary<string, (double Low, double High)> sides = Pairs<(double, double)>("--bounds", "b1=0:inf", bounds, text => text.Split(':') is [var low, var high] && Number(low) is { } l && Number(high) is { } h && l < h ? (l, h) : null);
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
        CheckStart();
    }

    public Expression Formula { get; }

    public string Data { get; }

    public string Response { get; }

    public int Rows { get; }

    public IReadOnlyList<string> Parameters { get; }

    public double[] Start { get; }

    /// <exception cref="UsageException">The formula, the table or an option is not as described.</exception>
    public static FitRequest Read(string formula, string data, string[] start, string? response, string[] bounds, string method, CancellationToken stop)
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
        DataSet<double> table = UsageException.Wrap(() =>
        {
            if (!BuiltInData.Contains(data))
                return Table(() => File.OpenRead(data));
            return Table(() => BuiltInData.Open(data));
        });
        return new(expression, data, table, start, bounds, method);

        // The names first: they say which column is the response.
        DataSet<double> Table(Func<Stream> open)
        {
            if (response is null)
            {
                using Stream head = open();
                response = CsvData.ColumnNames(head, data).Contains("y") ? "y" : null;
            }
            using Stream stream = open();
            return CsvData.Read<double>(stream, data, new() { TargetKind = TargetKind.Regression, TargetColumns = response is null ? [] : [response] }, stop);
        }
    }

    public LeastSquaresFit Fit(CancellationToken stop) => UsageException.Wrap(() =>
    {
        MinimizationOptions options = new() { GradientTolerance = 0, MaxIterations = Budget, MaxEvaluations = Budget, Cancellation = stop };
        string name = string.Equals(_method, "lm", StringComparison.OrdinalIgnoreCase) ? "levenberg-marquardt" : _method;
        return NonlinearLeastSquares.Describe(_problem, MinimizationChain.Minimize(_problem).With(name).From(Start, options));
    });

    /// <summary>Whether the search ended at a minimum: where nothing nearby is better, residuals are orthogonal to what parameters can change, or nothing.</summary>
    public bool HasConverged(LeastSquaresFit fit) => fit.Search.Converged
        && (fit.Orthogonality <= 1e-4 || fit.Search.Value <= 1e-24 * Vectors.Dot(_response, _response));

    /// <summary>1 − Σr²/Σ(y − ȳ)²; NaN for a constant response.</summary>
    public double Determination(LeastSquaresFit fit)
    {
        double mean = _response.Average(), total = _response.Sum(y => (y - mean) * (y - mean));
        return total == 0 ? double.NaN : 1 - fit.Search.Value / total;
    }

    private Tensor<double> Residuals(Tensor<double> parameters)
    {
        Dictionary<string, Tensor<double>> values = new(_columns);
        for (int i = 0; i < Parameters.Count; i++)
            values[Parameters[i]] = parameters.Select(0, i);
        return Formula.Evaluate(values) - Tensor.From<double>(_response);
    }

    private void CheckStart()
    {
        double[] residuals = new double[Rows];
        _problem.Residual!(Start, residuals);
        int row = Array.FindIndex(residuals, r => !double.IsFinite(r));
        if (row >= 0)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"the formula is not finite at the start for row {row + 1} of {Data} ({string.Join(", ", _columns.Select(column => $"{column.Key} = {column.Value.AsReadOnlySpan()[row]}"))}); expected another --start."));
    }

    // name=value pairs, by commas or given several times.
    private Dictionary<string, TValue> Pairs<TValue>(string option, string example, string[] given, Func<string, TValue?> read)
        where TValue : struct
    {
        Dictionary<string, TValue> values = [];
        foreach (string pair in given.SelectMany(text => text.Split(',')))
        {
            if (pair.Split('=') is not [var left, var right] || left.Trim() is not { Length: > 0 } name || read(right.Trim()) is not { } value)
                throw new UsageException($"{option} is '{pair}'; expected a name and its value, such as {example}.");
            if (!Parameters.Contains(name))
                throw new UsageException($"{option} names '{name}', which is {(_columns.ContainsKey(name) ? "a column" : "not in the formula")}. {Nearest.Suggest(name, Parameters)}");
            if (!values.TryAdd(name, value))
                throw new UsageException($"{option} gives '{name}' twice.");
        }
        return values;
    }

    private static double? Number(string text) => text.Trim() switch
    {
        "inf" or "+inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        var digits when double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) => value,
        _ => null,
    };
}
