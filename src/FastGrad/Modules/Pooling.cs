using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Modules;

/// <summary>What the pooling modules share: their windows over the last one or two axes.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Pooling<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _mean, _includePadding;

    private protected Pooling(PoolWindows windows, bool mean, bool includePadding = true) => (Windows, _mean, _includePadding) = (windows, mean, includePadding);

    /// <summary>The windows.</summary>
    public PoolWindows Windows { get; }

    /// <inheritdoc/>
    protected sealed override bool IsReplayable => true;

    /// <inheritdoc/>
    public sealed override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return _mean ? x.AvgPool(Windows, _includePadding) : x.MaxPool(Windows);
    }

    internal sealed override string Attributes => Windows.Output == 0
        ? $"(kernel {Windows.Kernel}, stride {Windows.Stride}, padding {Windows.Padding}, dilation {Windows.Dilation}{(Windows.Ceiling ? ", ceiling" : "")}{(_mean && !_includePadding ? ", padding not counted" : "")})"
        : $"({Windows.Output})";
}

/// <summary>The largest element of each window of columns: x […, columns].</summary>
/// <param name="kernel">Positions of a window.</param>
/// <param name="stride">From one window to the next; null means the kernel.</param>
/// <param name="padding">Positions on each side that windows may reach into, at most half of a window.</param>
/// <param name="dilation">Input positions from one of a window's to the next.</param>
/// <param name="ceiling">Whether the output is rounded up.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MaxPool1d<T>(int kernel, int? stride = null, int padding = 0, int dilation = 1, bool ceiling = false)
    : Pooling<T>(PoolWindows.Sliding(1, kernel, stride, padding, dilation, ceiling), mean: false)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>The largest element of each window of rows and columns: x […, rows, columns].</summary>
/// <param name="kernel">Positions of a window.</param>
/// <param name="stride">From one window to the next; null means the kernel.</param>
/// <param name="padding">Positions on each side that windows may reach into, at most half of a window.</param>
/// <param name="dilation">Input positions from one of a window's to the next; null means 1.</param>
/// <param name="ceiling">Whether the output is rounded up.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MaxPool2d<T>(PerAxis kernel, PerAxis? stride = null, PerAxis padding = default, PerAxis? dilation = null, bool ceiling = false)
    : Pooling<T>(PoolWindows.Sliding(2, kernel, stride, padding, dilation, ceiling), mean: false)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>The mean of each window of columns: x […, columns].</summary>
/// <param name="kernel">Positions of a window.</param>
/// <param name="stride">From one window to the next; null means the kernel.</param>
/// <param name="padding">Zeros on each side, at most half of a window.</param>
/// <param name="ceiling">Whether the output is rounded up.</param>
/// <param name="includePadding">Whether the padding's zeros count.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AvgPool1d<T>(int kernel, int? stride = null, int padding = 0, bool ceiling = false, bool includePadding = true)
    : Pooling<T>(PoolWindows.Sliding(1, kernel, stride, padding, null, ceiling), mean: true, includePadding)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>The mean of each window of rows and columns: x […, rows, columns].</summary>
/// <param name="kernel">Positions of a window.</param>
/// <param name="stride">From one window to the next; null means the kernel.</param>
/// <param name="padding">Zeros on each side, at most half of a window.</param>
/// <param name="ceiling">Whether the output is rounded up.</param>
/// <param name="includePadding">Whether the padding's zeros count.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AvgPool2d<T>(PerAxis kernel, PerAxis? stride = null, PerAxis padding = default, bool ceiling = false, bool includePadding = true)
    : Pooling<T>(PoolWindows.Sliding(2, kernel, stride, padding, null, ceiling), mean: true, includePadding)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>The means of as many windows of columns as are wanted: x […, columns].</summary>
/// <param name="output">Windows.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AdaptiveAvgPool1d<T>(int output) : Pooling<T>(PoolWindows.Adaptive(1, output), mean: true)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>The means of as many windows of rows and columns as are wanted: x […, rows, columns].</summary>
/// <param name="output">Windows.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AdaptiveAvgPool2d<T>(PerAxis output) : Pooling<T>(PoolWindows.Adaptive(2, output), mean: true)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>The maxima of as many windows of columns as are wanted: x […, columns].</summary>
/// <param name="output">Windows.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AdaptiveMaxPool1d<T>(int output) : Pooling<T>(PoolWindows.Adaptive(1, output), mean: false)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>The maxima of as many windows of rows and columns as are wanted: x […, rows, columns].</summary>
/// <param name="output">Windows.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AdaptiveMaxPool2d<T>(PerAxis output) : Pooling<T>(PoolWindows.Adaptive(2, output), mean: false)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
