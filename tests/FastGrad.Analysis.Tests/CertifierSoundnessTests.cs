using System.Globalization;
using FastGrad.Analysis.Certificates;
using FastGrad.Analysis.Expressions;
using FastGrad.Analysis.Intervals;

namespace FastGrad.Analysis.Tests;

/// <summary>Formulas drawn at random, on boxes drawn at random: no certified verdict may be refuted by any segment.</summary>
/// <remarks>
/// Segments are dense: their ends are drawn from the whole box, its corners, and places where functions have kinks and poles. A gap that doubles show is
/// confirmed in intervals, whose arithmetic <see cref="IntervalTests"/> compares with exact fractions: so no verdict is called wrong for rounding. Where both ends have values and a
/// point between has none, the domain is not convex, and the function is not either. <c>FASTGRAD_CERTIFIER_TRIALS</c> sets the number of formulas.
/// </remarks>
public sealed class CertifierSoundnessTests
{
    private const int Segments = 300;

    private static readonly int s_trials = int.TryParse(Environment.GetEnvironmentVariable("FASTGRAD_CERTIFIER_TRIALS"), CultureInfo.InvariantCulture, out int trials) ? trials : 600;

    private static readonly string[] s_unary = [.. Functions.All.Where(f => f.Least == 1 && f.Most == 1).Select(f => f.Name)];

    private static readonly string[] s_powers = ["2", "3", "4", "0.5", "1.5", "2.5", "(-1)", "(-2)", "(-0.5)", "0", "1"];

    private static readonly double[] s_special = [0, 1, -1, 0.5, -0.5, 2, -2, 1e-3, -1e-3, Math.PI / 2, 1 / Math.E];

    private static readonly Interval?[] s_boxes =
    [
        null, null, new(0, 1), new(-1, 1), new(0.5, 3), new(-2, -0.25), new(0, double.PositiveInfinity), new(double.NegativeInfinity, 0), new(-3, 4), new(1, 1.5), new(-0.3, 0.2),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void NoVerdictIsRefuted(int seed)
    {
        Random random = new(seed);
        Dictionary<Verdict, int> counts = [];
        List<string> wrong = [];
        for (int trial = 0; trial < s_trials / 3; trial++)
        {
            Expression formula = Expression.Parse(Draw(random, 1 + random.Next(4)));
            Dictionary<string, Interval> box = [];
            foreach (string name in formula.Variables)
            {
                if (s_boxes[random.Next(s_boxes.Length)] is { } side)
                    box[name] = side;
            }
            ConvexityCertificate certificate = ConvexityCertifier.Certify(formula, box);
            counts[certificate.Verdict] = counts.GetValueOrDefault(certificate.Verdict) + 1;
            if (Refutation(formula, formula.Variables, certificate.Verdict, box, random) is { } segment)
                wrong.Add($"{formula} on {Text(box)}: {certificate.Verdict}, but {segment}");
            foreach ((string name, Verdict alone) in certificate.Variables)
            {
                if (Refutation(formula, [name], alone, box, random) is { } one)
                    wrong.Add($"{formula} in {name} on {Text(box)}: {alone}, but {one}");
            }
            if (certificate.Verdict == Verdict.NotConvex && !Violates(formula, certificate.Counterexample!, box))
                wrong.Add($"{formula} on {Text(box)}: not convex by {certificate.Counterexample}, which does not show it");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        // The test must not pass because nothing is decided.
        Assert.True(counts.GetValueOrDefault(Verdict.Convex) + counts.GetValueOrDefault(Verdict.ConvexOnBox) > s_trials / 25, string.Join(", ", counts));
        Assert.True(counts.GetValueOrDefault(Verdict.Concave) + counts.GetValueOrDefault(Verdict.ConcaveOnBox) > s_trials / 60, string.Join(", ", counts));
        Assert.True(counts.GetValueOrDefault(Verdict.NotConvex) > s_trials / 25, string.Join(", ", counts));
    }

    // A segment along the active variables that a verdict does not allow.
    private static string? Refutation(Expression formula, IReadOnlyList<string> active, Verdict verdict, Dictionary<string, Interval> box, Random random)
    {
        bool convex = verdict is Verdict.Convex or Verdict.ConvexOnBox or Verdict.Affine, concave = verdict is Verdict.Concave or Verdict.ConcaveOnBox or Verdict.Affine;
        if (!convex && !concave)
            return null;
        bool inBox = verdict is Verdict.ConvexOnBox or Verdict.ConcaveOnBox or Verdict.Affine;
        for (int k = 0; k < Segments; k++)
        {
            Dictionary<string, double> x = formula.Variables.ToDictionary(n => n, n => Coordinate(n)), y = formula.Variables.ToDictionary(n => n, n => active.Contains(n) ? Coordinate(n) : x[n]);
            double lambda = k % 3 == 0 ? 0.5 : k % 3 == 1 ? 0.125 : Math.Round(random.NextDouble(), 3);
            double fx = At(x), fy = At(y);
            if (!double.IsFinite(fx) || !double.IsFinite(fy))
                continue;
            Dictionary<string, double> middle = x.ToDictionary(p => p.Key, p => lambda * p.Value + (1 - lambda) * y[p.Key]);
            double inner = At(middle), chord = lambda * fx + (1 - lambda) * fy;
            string at = string.Create(CultureInfo.InvariantCulture, $"{Text(x)} and {Text(y)} at {lambda}: {inner} against {chord}");
            if (double.IsNaN(inner))
                return at;
            if ((convex && inner > chord || concave && inner < chord) && Gap(formula, x, y, lambda) is { } gap && (convex && gap > 0 || concave && gap < 0))
                return at;

            double At(Dictionary<string, double> point) => formula.Fold(new StrictMeaning(point));

            double Coordinate(string name)
            {
                Interval side = inBox && box.TryGetValue(name, out Interval given) ? given : Interval.All;
                double low = Math.Max(side.Low, -4), high = Math.Min(side.High, 4);
                double value = random.Next(4) switch
                {
                    0 => s_special[random.Next(s_special.Length)],
                    1 => random.Next(2) == 0 ? low : high,
                    _ => low + (high - low) * random.NextDouble(),
                };
                return Math.Clamp(value, low, high);
            }
        }
        return null;
    }

    // As numbers, but what is infinite on the way is outside of the domain: 1/log(0) is not 0.
    private sealed class StrictMeaning(Dictionary<string, double> values) : IMeaning<double>
    {
        public double Number(double value) => value;

        public double Variable(string name) => values[name];

        public double Apply(Application application, IReadOnlyList<double> arguments) =>
            application.Function.Value(arguments) is double value && double.IsFinite(value) && arguments.All(double.IsFinite) ? value : double.NaN;
    }

    // f(λx + (1 − λ)y) less the chord, if its sign is certain.
    private static double? Gap(Expression formula, Dictionary<string, double> x, Dictionary<string, double> y, double lambda)
    {
        Interval weight = lambda, rest = 1 - weight;
        Interval gap = Enclosed(name => weight * x[name] + rest * y[name]) - (weight * Enclosed(name => x[name]) + rest * Enclosed(name => y[name]));
        return gap.Low > 0 || gap.High < 0 ? (gap.Low > 0 ? gap.Low : gap.High) : null;

        Interval Enclosed(Func<string, Interval> at) => formula.Fold(new JetMeaning([], at)).Value;
    }

    private static bool Violates(Expression f, JensenViolation segment, Dictionary<string, Interval> box)
    {
        double l = segment.Lambda;
        Dictionary<string, double> middle = segment.X.ToDictionary(p => p.Key, p => l * p.Value + (1 - l) * segment.Y[p.Key]);
        return f.Evaluate(middle) > l * f.Evaluate(segment.X) + (1 - l) * f.Evaluate(segment.Y)
            && segment.X.Concat(segment.Y).All(p => !box.TryGetValue(p.Key, out Interval side) || side.Contains(p.Value));
    }

    private static string Text(IReadOnlyDictionary<string, double> point) => string.Join(", ", point.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key} = {p.Value:R}")));

    private static string Text(IReadOnlyDictionary<string, Interval> box) => string.Join(", ", box.Select(p => $"{p.Key} in {p.Value}"));

    // What the rules are about turns up often; variables more often than numbers.
    private static string Draw(Random random, int depth)
    {
        if (depth == 0)
            return random.Next(5) switch { 0 or 1 => "x", 2 or 3 => "y", _ => Number() };
        return random.Next(16) switch
        {
            0 or 1 => $"({Part()} + {Part()})",
            2 => $"({Part()} - {Part()})",
            3 => $"({Part()})*({Part()})",
            4 => $"{Number()}*({Part()})",
            5 => $"({Part()})/({Part()})",
            6 => $"({Part()})^{s_powers[random.Next(s_powers.Length)]}",
            7 => $"-({Part()})",
            8 => $"max({Part()}, {Part()})",
            9 => $"min({Part()}, {Part()})",
            10 => random.Next(4) switch { 0 => $"norm({Part()}, {Part()})", 1 => $"logsumexp({Part()}, {Part()})", 2 => $"quad_over_lin({Part()}, {Part()})", _ => $"{random.Next(2, 4)}^({Part()})" },
            11 => $"log(exp({Part()}) + exp({Part()}))",
            _ => $"{s_unary[random.Next(s_unary.Length)]}({Part()})",
        };

        string Part() => Draw(random, depth - 1);

        string Number() => random.Next(6) switch { 0 => "0.5", 1 => "(-1)", 2 => "(-2)", 3 => "0.3", 4 => "3", _ => "1" };
    }
}
