using FastGrad.Kernels.Philox;

namespace FastGrad.Initialization;

/// <summary>Which random numbers a parameter gets.</summary>
public static class ParameterStream
{
    // A seed is shared by initialization, split and shuffling; the stream's top byte keeps their numbers apart.
    private const ulong Purpose = 0xC0;

    /// <summary>The stream of parameter <paramref name="index"/>, counted from 0 in the module's order, under a seed.</summary>
    public static PhiloxStream Of(ulong seed, int index) => new(seed, (Purpose << 56) | (uint)index);
}
