using System.Numerics;

namespace FastGrad.Autograd.Primitives;

/// <summary>How reductions over any axes become reductions over one.</summary>
internal static class AxisRun
{
    /// <summary>x as [outer, axis, inner].</summary>
    public static (int Outer, int Axis, int Inner) Split(Shape shape, int axis)
    {
        int outer = 1, inner = 1;
        for (int i = 0; i < axis; i++)
            outer *= shape[i];
        for (int i = axis + 1; i < shape.Rank; i++)
            inner *= shape[i];
        return (outer, shape[axis], inner);
    }

    /// <summary>The shape with one axis of length 1.</summary>
    public static Shape Keep(Shape shape, int axis, string operation, bool mayBeEmpty)
    {
        if (shape[axis] == 0 && !mayBeEmpty)
            throw new ArgumentException($"{operation} along axis {axis} of shape {shape}, which is empty; expected at least one element.", nameof(shape));
        Span<int> axes = [.. shape.Axes];
        axes[axis] = 1;
        return Shape.Create(axes);
    }

    /// <summary>Applies a reduction of one axis, which keeps it, to any axes: neighbours become one axis as they lie, others move to the end first.</summary>
    public static Tensor<T> Reduce<T>(Tensor<T> x, ReadOnlySpan<int> axes, bool keepAxes, Func<int, Primitive<T>> reduction)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<bool> reduced = stackalloc bool[x.Rank];
        x.Shape.MarkAxes(axes, reduced);
        int first = reduced.IndexOf(true), last = reduced.LastIndexOf(true), length = 1;
        for (int i = 0; i < x.Rank; i++)
            length *= reduced[i] ? x.Shape[i] : 1;
        Shape result = x.Shape.Reduce(axes, keepAxes);
        if (first < 0)
            return reduction(0).Apply(x.Reshape([1])).Reshape(result); // a scalar
        if (!reduced[first..(last + 1)].Contains(false))
        {
            Tensor<T> merged = x.Reshape(Shape.Create([.. x.Shape.Axes[..first], length, .. x.Shape.Axes[(last + 1)..]]));
            return reduction(first).Apply(merged).Reshape(result);
        }
        List<int> order = [], kept = [];
        for (int i = 0; i < x.Rank; i++)
        {
            if (!reduced[i])
            {
                order.Add(i);
                kept.Add(x.Shape[i]);
            }
        }
        for (int i = 0; i < x.Rank; i++)
        {
            if (reduced[i])
                order.Add(i);
        }
        Tensor<T> moved = x.Permute([.. order]).Reshape(Shape.Create([.. kept, length]));
        return reduction(kept.Count).Apply(moved).Reshape(result);
    }
}
