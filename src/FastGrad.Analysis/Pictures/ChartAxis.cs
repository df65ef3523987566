using System.Globalization;
using FastGrad.Kernels.Functions;

namespace FastGrad.Analysis.Pictures;

/// <summary>One axis: numbers to pixels, and where its ticks are.</summary>
internal sealed class ChartAxis
{
    private const int MostTicks = 8;
    private const double Slack = 1e-9; // an end that is a tick has one: −0.3/0.1 rounds to above −3

    private readonly double _low, _high; // logarithms where the axis has them
    private readonly bool _log;
    private readonly int _length, _digits;

    private ChartAxis(double low, double high, bool log, int length)
    {
        (_low, _high, _log, _length) = (low, high, log, length);
        List<double> ticks = [];
        if (log && high - low >= 2)
        {
            double stride = Math.Ceiling((Math.Floor(high) - Math.Ceiling(low) + 1) / MostTicks);
            for (double k = Math.Ceiling(low / stride); k * stride <= high; k++)
                ticks.Add(Power((int)(k * stride)));
        }
        else if (log)
        {
            for (int k = (int)Math.Floor(low); k <= high; k++)
                ticks.AddRange(new[] { 1, 2, 5 }.Select(lead => lead * Power(k)).Where(tick => Log10<double>.At(tick) is var l && l >= low && l <= high));
        }
        else
        {
            int exponent = (int)Math.Floor(Log10<double>.At((high - low) / MostTicks));
            double unit = Power(exponent), step = new[] { 1, 2, 5, 10 }.Select(lead => lead * unit).First(s => Math.Floor(high / s + Slack) - Math.Ceiling(low / s - Slack) < MostTicks);
            _digits = Math.Clamp(step >= 9.5 * unit ? -exponent - 1 : -exponent, 0, 15);
            for (double i = Math.Ceiling(low / step - Slack); i <= Math.Floor(high / step + Slack); i++)
                ticks.Add(i * step + 0.0); // no −0
        }
        Ticks = ticks;
    }

    public IReadOnlyList<double> Ticks { get; }

    /// <summary>The axis of a stated range, or of all numbers that it can show with a little space around them.</summary>
    public static ChartAxis Over(IEnumerable<double> values, (double Low, double High)? range, bool log, int length)
    {
        if (range is { } stated)
        {
            return stated.Low < stated.High && (!log || stated.Low > 0) && double.IsFinite(stated.High - stated.Low)
                ? log ? new(Log10<double>.At(stated.Low), Log10<double>.At(stated.High), log, length) : new(stated.Low, stated.High, log, length)
                : throw new InvalidOperationException($"A range from {stated.Low} to {stated.High}; expected finite numbers, the greater one last{(log ? ", both positive" : "")}.");
        }
        double[] shown = [.. values.Select(v => log ? v > 0 ? Log10<double>.At(v) : double.NaN : v).Where(double.IsFinite)];
        if (shown.Length == 0)
            throw new InvalidOperationException("There is nothing to draw: no number is finite, or on a logarithmic axis positive.");
        double low = shown.Min(), high = shown.Max(), space = high > low ? 0.04 * (high - low) : Math.Max(0.5, 0.5 * Math.Abs(low));
        return new(low - space, high + space, log, length);
    }

    /// <summary>Pixels from the axis' beginning; NaN for what it cannot show.</summary>
    public double At(double value)
    {
        double shown = _log ? value > 0 ? Log10<double>.At(value) : double.NaN : value;
        return double.IsFinite(shown) ? Math.Clamp((shown - _low) / (_high - _low) * _length, -1000, _length + 1000) : double.NaN;
    }

    public string Label(double tick)
    {
        if (!_log)
            return tick.ToString("F" + _digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).Replace('-', '−');
        if (_high - _low < 2 || (_low >= -4 && _high <= 5))
            return tick.ToString("0.#####", CultureInfo.InvariantCulture);
        double exponent = Math.Round(Log10<double>.At(tick));
        return "10" + string.Concat(exponent.ToString(CultureInfo.InvariantCulture).Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']));
    }

    // Read from its decimal form: the nearest double, which repeated products would miss.
    private static double Power(int exponent) => double.Parse(string.Create(CultureInfo.InvariantCulture, $"1e{exponent}"), CultureInfo.InvariantCulture);
}
