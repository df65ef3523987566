using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>The sum over some axes, or all.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Sum<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _axes;
    private readonly bool _keepAxes;

    /// <summary>The sum over <paramref name="axes"/>, or over all where none is given.</summary>
    /// <param name="axes">The axes to sum over.</param>
    /// <param name="keepAxes">Whether a summed axis stays, with length 1.</param>
    public Sum(ReadOnlySpan<int> axes, bool keepAxes = false) => (_axes, _keepAxes) = (axes.ToArray(), keepAxes);

    /// <summary>The sum over all axes.</summary>
    public static Sum<T> OverAll { get; } = new([]);

    /// <inheritdoc/>
    public override string Name => "sum";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => inputs[0].Shape.Reduce(_axes, _keepAxes);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Tensor<T> x = inputs[0].Contiguous();
        AxisGroups groups = new(x.Shape, _axes);
        Tensor<T> source = x;
        // The innermost group first: each pass sums one run of neighbouring axes.
        while (groups.TryTakeLast(out int outer, out int axis, out int inner))
        {
            Tensor<T> target = groups.IsEmpty ? output : Tensor.Uninitialized<T>([outer * inner]);
            Kernels.Reductions.Sum.Along<T>(source.Dense(), outer, axis, inner, target.Dense(), accumulate: false);
            source = target;
        }
        if (source == x)
            x.CopyTo(output.Dense());
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        dy.Reshape(at.InputShape(0).Reduce(_axes, keepAxes: true)).BroadcastTo(at.InputShape(0));

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);
}

/// <summary>Runs of neighbouring axes that are reduced, seen as [outer, axis, inner] each.</summary>
internal ref struct AxisGroups
{
    private readonly List<(bool Reduced, int Length)> _runs = [];

    public AxisGroups(Shape shape, ReadOnlySpan<int> axes)
    {
        Span<bool> reduced = stackalloc bool[shape.Rank];
        shape.MarkAxes(axes, reduced);
        for (int i = 0; i < shape.Rank; i++)
        {
            if (_runs.Count > 0 && _runs[^1].Reduced == reduced[i])
                _runs[^1] = (reduced[i], _runs[^1].Length * shape[i]);
            else
                _runs.Add((reduced[i], shape[i]));
        }
    }

    public readonly bool IsEmpty => !_runs.Exists(run => run.Reduced);

    /// <summary>Takes the innermost group that is left away, and gives its extent.</summary>
    public readonly bool TryTakeLast(out int outer, out int axis, out int inner)
    {
        (outer, axis, inner) = (1, 1, 1);
        int last = _runs.FindLastIndex(run => run.Reduced);
        if (last < 0)
            return false;
        axis = _runs[last].Length;
        for (int i = 0; i < _runs.Count; i++)
        {
            if (i < last)
                outer *= _runs[i].Length;
            else if (i > last)
                inner *= _runs[i].Length;
        }
        _runs[last] = (false, 1);
        return true;
    }
}
