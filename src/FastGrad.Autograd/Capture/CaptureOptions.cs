namespace FastGrad.Autograd;

/// <summary>What is done to a program between recording and its first run. No setting changes a bit of any result.</summary>
public sealed record CaptureOptions
{
    /// <summary>Every pass, no budget.</summary>
    public static CaptureOptions Default { get; } = new();

    /// <summary>The program as it was recorded; only memory is planned.</summary>
    public static CaptureOptions None { get; } = new()
    {
        FoldConstants = false,
        ShareCommonSubexpressions = false,
        RemoveDeadCode = false,
        ShareCopies = false,
        FuseEpilogues = false,
        ReuseInPlace = false,
        FuseElementwise = false,
        UpdateEarly = false,
    };

    /// <summary>Whether what follows from constants alone is computed once, at capture.</summary>
    public bool FoldConstants { get; init; } = true;

    /// <summary>Whether an operation that was done before on the same values is not done again.</summary>
    public bool ShareCommonSubexpressions { get; init; } = true;

    /// <summary>Whether instructions whose results nobody reads are left out.</summary>
    public bool RemoveDeadCode { get; init; } = true;

    /// <summary>Whether a gradient that is handed on unchanged, as a sum does, lies where it came from, instead of being copied.</summary>
    public bool ShareCopies { get; init; } = true;

    /// <summary>
    /// Whether matrix products and convolutions finish their elements while those are in the cache: an activation, a sum with a residual, and in
    /// the backward pass the activation's derivative.
    /// </summary>
    public bool FuseEpilogues { get; init; } = true;

    /// <summary>Whether an elementwise result takes the memory of an operand that nobody reads afterwards.</summary>
    public bool ReuseInPlace { get; init; } = true;

    /// <summary>Whether neighbouring elementwise instructions run together, tile by tile, on all threads.</summary>
    public bool FuseElementwise { get; init; } = true;

    /// <summary>Whether updates that <see cref="Capture.Update"/> records run within the backward pass, as soon as nobody reads the leaf or its gradient any more.</summary>
    public bool UpdateEarly { get; init; } = true;

    /// <summary>
    /// The bytes that the temporaries may take, <see cref="Program.PeakBytes"/>; null for no limit. To stay within them, values of the
    /// forward pass are dropped and computed again for the backward pass.
    /// </summary>
    public long? MemoryBudget { get; init; }

    /// <summary>Whether <see cref="Program.Passes"/> keeps the program's text before and after each pass.</summary>
    public bool KeepDumps { get; init; }
}

/// <summary>What a pass did to a program.</summary>
/// <param name="Name">The pass.</param>
/// <param name="Before">The program before it.</param>
/// <param name="After">The program after it.</param>
public sealed record PassDump(string Name, string Before, string After);
