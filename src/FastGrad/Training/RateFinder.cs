using System.Numerics;
using FastGrad.Kernels.Functions;
using FastGrad.Optimization;

namespace FastGrad.Training;

/// <summary>A range test of the learning rate: it rises from update to update, and the loss says which rates learn and which diverge.</summary>
/// <remarks>
/// Smith 2017, arXiv:1506.01186, section 3.3, with exponential rates: update i of n takes low·(high/low)^(i/(n − 1)). The loss is smoothed by
/// an exponential average whose start is corrected, sᵢ = (1 − β)·Σβ^(i−j)·lⱼ/(1 − β^(i+1)); the test ends where it passes a multiple of its least
/// value, or is no number. Suggested is the rate at which the smoothed loss falls fastest against the logarithm of the rate.
/// </remarks>
public static class RateFinder
{
    private const int Reach = 2; // slopes are taken over this many points on either side

    /// <summary>Runs the test on a trainer that has not begun. Its weights are spent: make another one to train.</summary>
    /// <param name="trainer">The trainer, whose learning rate no schedule drives.</param>
    /// <param name="options">How to test; null for the defaults.</param>
    /// <param name="cancellation">Looked at between updates; the result is then what the test has reached.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the optimizer has no learning rate, or a schedule drives it.</exception>
    public static RateRange Run<T>(Trainer<T> trainer, RateFinderOptions? options = null, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(trainer);
        options ??= new();
        options.Check();
        Test<T> test = new(trainer, options);
        trainer.Add(test);
        while (!test.IsOver && !trainer.IsDone && !cancellation.IsCancellationRequested)
            trainer.Run(cancellation: cancellation);
        return new(test.Points, test.Diverged, Suggest(test.Points));
    }

    // The steepest fall before the least loss: beyond it the loss rises, or wavers.
    internal static double? Suggest(IReadOnlyList<RatePoint> points)
    {
        if (points.Count < 2 * Reach + 1)
            return null;
        int least = Enumerable.Range(0, points.Count).MinBy(i => points[i].Smoothed);
        double steepest = 0;
        double? suggestion = null;
        for (int i = Reach; i < points.Count - Reach && i <= least; i++)
        {
            // Rates are evenly spaced by their logarithms, so a difference of losses is a slope.
            double slope = points[i + Reach].Smoothed - points[i - Reach].Smoothed;
            if (slope < steepest)
                (steepest, suggestion) = (slope, points[i].Rate);
        }
        return suggestion;
    }

    private sealed class Test<T> : TrainingCallback<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly RateFinderOptions _options;
        private readonly OptimizerGroup[] _groups;
        private readonly double[] _shares;
        private readonly string _rate;
        private double _average, _weight = 1, _least = double.PositiveInfinity;

        public Test(Trainer<T> trainer, RateFinderOptions options)
        {
            (_options, _rate, _groups) = (options, trainer.Options.Rate(), [.. trainer.Optimizer.Groups]);
            double first = _groups[0].LearningRate;
            _shares = [.. _groups.Select(g => first > 0 ? g.LearningRate / first : 1)]; // groups keep their proportions
            Set();
        }

        public List<RatePoint> Points { get; } = [];

        public bool Diverged { get; private set; }

        public bool IsOver => Diverged || Points.Count == _options.Steps;

        public override void OnUpdate(Trainer<T> trainer, in TrainingProgress progress)
        {
            _average = _options.Smoothing * _average + (1 - _options.Smoothing) * progress.BatchLoss;
            _weight *= _options.Smoothing;
            double smoothed = _average / (1 - _weight);
            Diverged = !double.IsFinite(smoothed) || Points.Count > 0 && smoothed > _options.Divergence * _least;
            Points.Add(new(Rate(Points.Count), progress.BatchLoss, smoothed));
            _least = Math.Min(_least, smoothed);
            if (IsOver)
                trainer.Stop();
            else
                Set();
        }

        private double Rate(int update) =>
            _options.Lowest * Pow<double>.At(_options.Highest / _options.Lowest, (double)update / (_options.Steps - 1));

        private void Set()
        {
            double rate = Rate(Points.Count);
            for (int g = 0; g < _groups.Length; g++)
                _groups[g].Set(_rate, rate * _shares[g]);
        }
    }
}
