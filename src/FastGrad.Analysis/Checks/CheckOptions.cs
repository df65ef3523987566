namespace FastGrad.Analysis.Checks;

/// <summary>How a derivative check samples and steps.</summary>
public sealed record CheckOptions
{
    /// <summary>The defaults.</summary>
    public static CheckOptions Default { get; } = new();

    /// <summary>Chooses weights and directions.</summary>
    public ulong Seed { get; init; } = 20;

    /// <summary>Up to which order: 1 is the gradient, 2 its derivative too.</summary>
    public int Order { get; init; } = 2;

    /// <summary>Whether forward mode is checked; not where an operator has no JVP.</summary>
    public bool ForwardMode { get; init; } = true;

    /// <summary>What failures call each argument; empty: its number.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The largest argument whose elements are moved one by one; larger ones are moved along directions.</summary>
    public int Elementwise { get; init; } = 64;

    /// <summary>
    /// How many directions a large argument is moved along. Direction k has elements of ½ to 3/2 of either sign, times max(|x|, scale), from a stream of Philox of its
    /// own under <see cref="Seed"/>: an error in any element shows in each of them.
    /// </summary>
    public int Directions { get; init; } = 8;

    /// <summary>
    /// For each argument the length over which the function changes near 0: the step is 2⁻⁸·max(|x|, scale). Empty: 1.
    /// </summary>
    public IReadOnlyList<double> Scales { get; init; } = [];

    internal double ScaleOf(int argument) => argument < Scales.Count ? Scales[argument] : 1;
}
