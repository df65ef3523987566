using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.Normalization;

/// <summary>A tensor seen as [outer, channels, inner], row-major.</summary>
/// <remarks>
/// [N, C, H, W] is (N, C, H·W); [N, C] is (N, C, 1). With the channels last, [N, H, W, C] is (N·H·W, C, 1).
/// </remarks>
/// <param name="Outer">The product of the dimensions before the channels.</param>
/// <param name="Channels">The number of channels.</param>
/// <param name="Inner">The product of the dimensions after them.</param>
public readonly record struct ChannelShape(int Outer, int Channels, int Inner)
{
    /// <summary>Elements in all.</summary>
    public long Length => (long)Outer * Channels * Inner;

    /// <summary>Elements of each channel.</summary>
    public int PerChannel => Outer * Inner;

    /// <summary>Refuses spans of another length.</summary>
    internal void Check<T>(ReadOnlySpan<T> x, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Outer);
        ArgumentOutOfRangeException.ThrowIfNegative(Channels);
        ArgumentOutOfRangeException.ThrowIfNegative(Inner);
        if (x.Length != Length)
            throw new ArgumentException($"{name} has {x.Length} elements; expected {Outer}·{Channels}·{Inner} (outer·channels·inner).", name);
    }

    /// <summary>Refuses spans that do not hold one element a channel.</summary>
    internal void CheckChannels<T>(ReadOnlySpan<T> x, bool mayBeEmpty = false, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (x.Length != Channels && !(mayBeEmpty && x.IsEmpty))
            throw new ArgumentException($"{name} has {x.Length} elements; expected {Channels}, one for each channel{(mayBeEmpty ? ", or none" : "")}.", name);
    }
}
