namespace FastGrad.Analysis.Expressions;

/// <summary>Formulas as numbers of double precision.</summary>
internal sealed class NumberMeaning(IReadOnlyDictionary<string, double> values) : IMeaning<double>
{
    public double Number(double value) => value;

    public double Variable(string name) => values.TryGetValue(name, out double value) ? value : throw Missing(name, values.Keys);

    public double Apply(Application application, IReadOnlyList<double> arguments) => application.Function.Value(arguments);

    internal static KeyNotFoundException Missing(string name, IEnumerable<string> known) =>
        new($"'{name}' has no value. {FastGrad.Optimization.Options.Nearest.Suggest(name, known)}");
}
