using System.Globalization;
using System.Text;
using FastGrad.Kernels.Functions;

namespace FastGrad.Cli.Output;

/// <summary>Curves as text: a letter a curve, so that they can be told apart in a file too.</summary>
/// <param name="title">What is drawn.</param>
/// <param name="xName">What runs to the right.</param>
internal sealed class Plot(string title, string xName)
{
    private const int Width = 72, Height = 18, Margin = 10;

    private readonly List<(char Mark, double[] X, double[] Y)> _curves = [];

    /// <summary>Whether x is drawn by its logarithm.</summary>
    public bool LogX { get; init; }

    /// <summary>Whether y is drawn by its logarithm; where a value is not positive it is not.</summary>
    public bool LogY { get; init; }

    /// <summary>A place on x to mark with a line; NaN for none.</summary>
    public double At { get; init; } = double.NaN;

    /// <summary>Adds a curve. Points that are no finite numbers are left out.</summary>
    public void Add(char mark, IEnumerable<double> x, IEnumerable<double> y)
    {
        (double X, double Y)[] points = [.. x.Zip(y).Where(p => double.IsFinite(p.First) && double.IsFinite(p.Second))];
        if (points.Length > 0)
            _curves.Add((mark, [.. points.Select(p => p.X)], [.. points.Select(p => p.Y)]));
    }

    /// <summary>The drawing, lines of at most 83 characters; without any point, a sentence.</summary>
    public override string ToString()
    {
        if (_curves.Count == 0)
            return $"{title}: nothing to draw";
        bool logY = LogY && _curves.All(c => c.Y.All(v => v > 0));
        Axis x = new(_curves.SelectMany(c => c.X), LogX), y = new(_curves.SelectMany(c => c.Y), logY);
        char[][] cells = [.. Enumerable.Range(0, Height).Select(_ => Enumerable.Repeat(' ', Width).ToArray())];
        if (!double.IsNaN(At))
        {
            for (int row = 0; row < Height; row++)
                cells[row][x.Cell(At, Width)] = '│';
        }
        foreach ((char mark, double[] xs, double[] ys) in _curves)
        {
            for (int i = 0; i < xs.Length; i++)
                cells[Height - 1 - y.Cell(ys[i], Height)][x.Cell(xs[i], Width)] = mark;
        }

        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"{title}{(logY ? ", logarithmic" : "")}");
        for (int row = 0; row < Height; row++)
        {
            string label = row % 4 == 0 || row == Height - 1 ? Number(y.At((Height - 1 - row) / (double)(Height - 1))) : "";
            text.AppendLine(CultureInfo.InvariantCulture, $"{label,Margin - 1} ┤{new string(cells[row]).TrimEnd()}");
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"{"",Margin - 1} └{new string('─', Width)}");
        string left = Number(x.At(0)), right = Number(x.At(1));
        text.Append(CultureInfo.InvariantCulture, $"{"",Margin}{left}{xName.PadLeft((Width + xName.Length) / 2 - left.Length).PadRight(Width - left.Length - right.Length)}{right}");
        return text.ToString();
    }

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    private readonly struct Axis
    {
        private readonly double _low, _span;
        private readonly bool _log;

        public Axis(IEnumerable<double> values, bool log)
        {
            double[] all = [.. values.Select(v => log ? Log10<double>.At(v) : v)];
            (_log, _low, _span) = (log, all.Min(), all.Max() - all.Min());
        }

        public int Cell(double value, int cells) =>
            _span == 0 ? 0 : (int)Math.Clamp(Math.Round(((_log ? Log10<double>.At(value) : value) - _low) / _span * (cells - 1)), 0, cells - 1);

        public double At(double share) => _log ? Pow<double>.At(10, _low + share * _span) : _low + share * _span;
    }
}
