namespace FastGrad.Cli.Commands;

/// <summary>What all landscapes have in common, as the command line gives it.</summary>
internal sealed record LandscapeSettings
{
    /// <summary>Places along an axis.</summary>
    public required int Resolution { get; init; }

    /// <summary>How far the slice reaches; null for what fits.</summary>
    public required double? Range { get; init; }

    /// <summary>The number of contours.</summary>
    public required int Levels { get; init; }

    /// <summary>1 for a line, 2 for a plane; null for what fits.</summary>
    public required int? Dimensions { get; init; }

    /// <summary>random, pca, eigen, or one or two saved models; null for what fits.</summary>
    public required string? Directions { get; init; }

    /// <summary>Whether biases and normalizations move along random directions too.</summary>
    public required bool Biases { get; init; }

    /// <summary>The seed of random directions.</summary>
    public required ulong Seed { get; init; }
}
