namespace FastGrad.Analysis.Checks;

/// <summary>How a derivative check samples and steps.</summary>
public sealed record CheckOptions
{
    /// <summary>The defaults.</summary>
    public static CheckOptions Default { get; } = new();

    /// <summary>Chooses weights and directions.</summary>
    public ulong Seed { get; init; } = 20;

    /// <summary>The largest argument whose elements are moved one by one; larger ones are moved along directions.</summary>
    public int Elementwise { get; init; } = 64;

    /// <summary>How many directions a large argument is moved along.</summary>
    public int Directions { get; init; } = 8;

    /// <summary>
    /// For each argument the length over which the function changes near 0: the step is 2⁻⁸·max(|x|, scale). Empty: 1.
    /// </summary>
    public IReadOnlyList<double> Scales { get; init; } = [];

    internal double ScaleOf(int argument) => argument < Scales.Count ? Scales[argument] : 1;
}
