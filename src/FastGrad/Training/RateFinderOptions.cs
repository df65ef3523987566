namespace FastGrad.Training;

/// <summary>How <see cref="RateFinder"/> tests.</summary>
public sealed record RateFinderOptions
{
    /// <summary>The first rate, above 0.</summary>
    public double Lowest { get; init; } = 1e-6;

    /// <summary>The last rate, above the first.</summary>
    public double Highest { get; init; } = 10;

    /// <summary>The updates, at least 2.</summary>
    public int Steps { get; init; } = 200;

    /// <summary>β, what the smoothed loss keeps: from 0 (nothing) to below 1.</summary>
    public double Smoothing { get; init; } = 0.9;

    /// <summary>The multiple of the least smoothed loss at which the test ends, above 1.</summary>
    public double Divergence { get; init; } = 4;

    internal void Check()
    {
        if (!(Lowest > 0 && double.IsFinite(Lowest)))
            throw new ArgumentOutOfRangeException(nameof(Lowest), Lowest, "Expected a lowest rate above 0.");
        if (!(Highest > Lowest && double.IsFinite(Highest)))
            throw new ArgumentOutOfRangeException(nameof(Highest), Highest, $"Expected a highest rate above the lowest, {Lowest}.");
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 2);
        if (!(Smoothing >= 0 && Smoothing < 1))
            throw new ArgumentOutOfRangeException(nameof(Smoothing), Smoothing, "Expected a smoothing from 0 to below 1.");
        if (!(Divergence > 1))
            throw new ArgumentOutOfRangeException(nameof(Divergence), Divergence, "Expected a multiple above 1.");
    }
}

/// <summary>What a range test saw.</summary>
/// <param name="Points">The updates, by rising rate; after a divergence the last one is where it showed.</param>
/// <param name="Diverged">Whether the loss ran away before the highest rate.</param>
/// <param name="Suggestion">The rate at which the smoothed loss falls fastest; null where it never falls, or there are too few updates.</param>
public sealed record RateRange(IReadOnlyList<RatePoint> Points, bool Diverged, double? Suggestion);

/// <summary>An update of a range test.</summary>
/// <param name="Rate">Its learning rate.</param>
/// <param name="Loss">The loss before it.</param>
/// <param name="Smoothed">The loss, smoothed.</param>
public readonly record struct RatePoint(double Rate, double Loss, double Smoothed);
