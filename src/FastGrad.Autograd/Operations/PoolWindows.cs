using FastGrad.Kernels.Pooling;

namespace FastGrad.Autograd;

/// <summary>The windows of a pooling over the last one or two axes.</summary>
public sealed record PoolWindows
{
    private PoolWindows(int rank) => Rank = rank;

    /// <summary>The number of pooled axes: 1 or 2, the last ones.</summary>
    public int Rank { get; }

    /// <summary>Positions of a window; 0 where windows are adaptive.</summary>
    public PerAxis Kernel { get; private init; }

    /// <summary>From one window to the next.</summary>
    public PerAxis Stride { get; private init; }

    /// <summary>Positions on each side that windows may reach into.</summary>
    public PerAxis Padding { get; private init; }

    /// <summary>Input positions from one of a window's to the next.</summary>
    public PerAxis Dilation { get; private init; }

    /// <summary>Whether a last window may reach beyond the padding.</summary>
    public bool Ceiling { get; private init; }

    /// <summary>The number of adaptive windows; 0 where windows slide.</summary>
    public PerAxis Output { get; private init; }

    /// <summary>Windows of one size: see <see cref="PoolAxis.Sliding"/>.</summary>
    /// <param name="rank">1 or 2.</param>
    /// <param name="kernel">Positions of a window.</param>
    /// <param name="stride">From one window to the next; null means the kernel.</param>
    /// <param name="padding">At most half of a window.</param>
    /// <param name="dilation">For maxima; null means 1.</param>
    /// <param name="ceiling">Whether the output is rounded up.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rank is neither 1 nor 2.</exception>
    public static PoolWindows Sliding(int rank, PerAxis kernel, PerAxis? stride = null, PerAxis padding = default, PerAxis? dilation = null, bool ceiling = false) =>
        new(Checked(rank)) { Kernel = kernel, Stride = stride ?? kernel, Padding = padding, Dilation = dilation ?? 1, Ceiling = ceiling };

    /// <summary>As many windows as outputs are wanted: see <see cref="PoolAxis.Adaptive"/>.</summary>
    /// <param name="rank">1 or 2.</param>
    /// <param name="output">Windows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rank is neither 1 nor 2, or there are no windows.</exception>
    public static PoolWindows Adaptive(int rank, PerAxis output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(output.Rows, output.Columns), 1, nameof(output));
        return new(Checked(rank)) { Output = output };
    }

    /// <summary>The windows' shape over an input's.</summary>
    internal Shape Infer(Shape x)
    {
        if (x.Rank < Rank || x[-1] < 1 || (Rank == 2 && x[-2] < 1))
            throw new ArgumentException($"Pooling the last {Rank} axes of shape {x}; expected [..., {(Rank == 2 ? "rows, " : "")}columns], none of them empty.");
        return Rank == 2 ? Shape.Create([.. x.Axes[..^2], Rows(x).Output, Columns(x).Output]) : Shape.Create([.. x.Axes[..^1], Columns(x).Output]);
    }

    internal PoolAxis Rows(Shape x) => Rank == 1 ? PoolAxis.Sliding(1, 1) : Along(x[-2], Kernel.Rows, Stride.Rows, Padding.Rows, Dilation.Rows, Output.Rows);

    internal PoolAxis Columns(Shape x) => Along(x[-1], Kernel.Columns, Stride.Columns, Padding.Columns, Dilation.Columns, Output.Columns);

    internal int Planes(Shape x) => x.Length / (Rank == 2 ? x[-2] * x[-1] : x[-1]);

    private PoolAxis Along(int input, int kernel, int stride, int padding, int dilation, int output) =>
        output > 0 ? PoolAxis.Adaptive(input, output) : PoolAxis.Sliding(input, kernel, stride, padding, dilation, Ceiling);

    private static int Checked(int rank) => rank is 1 or 2 ? rank : throw new ArgumentOutOfRangeException(nameof(rank), rank, "Pooling is over 1 or 2 axes.");
}
