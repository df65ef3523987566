using System.Globalization;
using System.Text.Json;
using FastGrad.Analysis.Expressions;
using FastGrad.Analysis.Landscapes;
using FastGrad.Autograd;
using FastGrad.Cli.Output;
using FastGrad.Minimization;
using FastGrad.Optimization.Minimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;

namespace FastGrad.Cli.Commands;

/// <summary>A written formula of two variables from above, with the ways of optimizers and minimizers over it.</summary>
internal sealed class FormulaLandscape
{
    private readonly Expression _formula;
    private readonly string _x, _y;
    private readonly (double Low, double High) _across, _up;

    private FormulaLandscape(Expression formula, Dictionary<string, (double Low, double High)> box)
    {
        _formula = formula;
        // The first that is named runs to the right.
        ((_x, _across), (_y, _up)) = (box.First(), box.Last());
    }

    /// <summary>Reads formula and box.</summary>
    /// <exception cref="UsageException">It is no formula of two variables, or one of them has no side.</exception>
    public static FormulaLandscape Read(string text, string[] box)
    {
        Expression formula;
        try
        {
            formula = Expression.Parse(text);
        }
        catch (FormatException error)
        {
            throw new UsageException($"'{text}' is no data set, no file and no formula: {error.Message}");
        }
        IReadOnlyList<string> names = formula.Variables;
        if (names.Count != 2)
            throw new UsageException($"the formula '{formula}' has {names.Count switch { 0 => "no variables", 1 => $"one variable, {names[0]}", int n => $"{n} variables, {string.Join(", ", names)}" }}; expected two. A data set or a file of that name was not found.");
        Dictionary<string, (double Low, double High)> sides = NamedPairs.Read<(double, double)>("--box", "x=-1:1", box, text => NamedPairs.Sides(text) is { } side && double.IsFinite(side.High - side.Low) ? side : null, (option, name) =>
        {
            if (!names.Contains(name))
                throw new UsageException($"{option} names '{name}', which is not in the formula. {Nearest.Suggest(name, names)}");
        });
        if (names.Where(name => !sides.ContainsKey(name)).ToArray() is { Length: > 0 } missing)
            throw new UsageException($"--box says nothing of {string.Join(" and ", missing)}; expected --box {string.Join(',', names.Select(name => name + "=-2:2"))}.");
        return new(formula, sides);
    }

    /// <summary>Samples the formula and runs the searches.</summary>
    /// <param name="settings">Resolution and levels.</param>
    /// <param name="optimizers">Optimizers with their options.</param>
    /// <param name="minimizers">Names of minimizers.</param>
    /// <param name="start">Where they start.</param>
    /// <param name="steps">The most updates or iterations of each.</param>
    /// <param name="plugins">Where they are looked up.</param>
    /// <param name="stop">Cancels.</param>
    public LandscapeDrawing Draw(LandscapeSettings settings, IReadOnlyList<NamedOptions> optimizers, IReadOnlyList<string> minimizers, string[] start, int steps, PluginRegistry plugins, CancellationToken stop)
    {
        if (optimizers.Count + minimizers.Count > 0 != start.Length > 0)
            throw new UsageException(start.Length > 0 ? "--start is given, but nothing starts there; expected --optimizers or --minimizers." : $"the searches have no start; expected --start {_x}=…,{_y}=….");
        MinimizationProblem problem = TensorProblem.Of(2, p => _formula.Evaluate(new Dictionary<string, Tensor<double>> { [_x] = p.Select(0, 0), [_y] = p.Select(0, 1) }));
        // All names and values are judged before the first search.
        MinimizationChain chain = MinimizationChain.Minimize(problem).Using(plugins);
        (string Name, MinimizationChain Search)[] searches = UsageException.Wrap(() => ((string, MinimizationChain)[])
        [
            .. optimizers.Select(optimizer => (optimizer.ToString(), chain.With(new OptimizerSearch(plugins.Optimizers[optimizer.Name], optimizer.Values)))),
            .. minimizers.Select(name => (name, chain.With(name))),
        ]);
        double[] from = start.Length > 0 ? Start(start) : [];
        LossSurface surface = Landscape.Slice(
            Value, new(_across.Low, _across.High, settings.Resolution, _x), new(_up.Low, _up.High, settings.Resolution, _y), stop);
        return new()
        {
            Title = _formula.ToString(),
            Surface = surface,
            Levels = settings.Levels,
            Ways = [.. searches.Select(search => Walk(search.Name, search.Search, from, steps, stop))],
            Notes = [string.Create(CultureInfo.InvariantCulture, $"lowest of {settings.Resolution}×{settings.Resolution} nodes: {surface.Lowest.Value:G6} at {_x} = {surface.Lowest.X:G6}, {_y} = {surface.Lowest.Y:G6}")],
            Facts = line =>
            {
                line.WriteString("kind", "formula");
                line.WriteString("formula", _formula.ToString());
            },
        };
    }

    private LandscapeWay Walk(string name, MinimizationChain search, double[] start, int steps, CancellationToken stop)
    {
        Trajectory way = new(2);
        List<double> losses = [];
        MinimizationResult result = UsageException.Wrap(() => search.From(start, way.Watch(new() { MaxIterations = steps, MaxEvaluations = int.MaxValue, Cancellation = stop })));
        stop.ThrowIfCancellationRequested();
        foreach (IReadOnlyList<double> point in way.Points)
            losses.Add(Value(point[0], point[1]));
        string reason = JsonNamingPolicy.SnakeCaseLower.ConvertName(result.Reason.ToString());
        return new(new(name, way.Project([0, 0], [1, 0], [0, 1])), [.. losses])
        {
            Note = string.Create(CultureInfo.InvariantCulture, $" at {_x} = {way.Last[0]:G6}, {_y} = {way.Last[1]:G6}; {result.Evaluations} evaluations, ended by {reason}"),
            Facts = line =>
            {
                line.WriteNumber("iterations", result.Iterations);
                line.WriteNumber("evaluations", result.Evaluations);
                line.WriteString("reason", reason);
            },
        };
    }

    private double[] Start(string[] given)
    {
        Dictionary<string, double> start = NamedPairs.Read<double>("--start", $"{_x}=-1", given, text => NamedPairs.Number(text) is { } value && double.IsFinite(value) ? value : null, (option, name) =>
        {
            if (name != _x && name != _y)
                throw new UsageException($"{option} names '{name}', which is not in the formula. {Nearest.Suggest(name, [_x, _y])}");
        });
        if (start.Count < 2)
            throw new UsageException($"--start says nothing of {(start.ContainsKey(_x) ? _y : _x)}; expected --start {_x}=…,{_y}=….");
        double value = Value(start[_x], start[_y]);
        return double.IsFinite(value) ? [start[_x], start[_y]] : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"the formula is {value} at the start; expected a start where it is finite."));
    }

    private double Value(double x, double y) => _formula.Evaluate(new Dictionary<string, double> { [_x] = x, [_y] = y });
}
