using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FastGrad.Autograd;

/// <summary>The lengths of a tensor's axes, outermost first. The default value is a scalar's: no axes, one element.</summary>
/// <remarks>Spelled as a collection: <c>Tensor.Zeros&lt;float&gt;([2, 3])</c>.</remarks>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The most axes that a tensor may have.</summary>
    public const int MaxRank = 64;

    private readonly int[]? _axes;
    private readonly int _lengthLessOne; // so that default(Shape) has one element

    private Shape(int[]? axes, int length) => (_axes, _lengthLessOne) = (axes, length - 1);

    /// <summary>No axes, one element.</summary>
    public static Shape Scalar => default;

    /// <summary>The number of axes.</summary>
    public int Rank => _axes is null ? 0 : _axes.Length;

    /// <summary>The number of elements: the product of the axes' lengths.</summary>
    public int Length => _lengthLessOne + 1;

    /// <summary>The axes' lengths, outermost first.</summary>
    public ReadOnlySpan<int> Axes => _axes;

    /// <summary>The length of an axis; −1 is the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int this[int axis] => _axes![NormalizeAxis(axis)];

    /// <summary>A shape of the given axes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are too many axes, one is negative, or those that are not 0 multiply to more than <see cref="int.MaxValue"/>.</exception>
    public static Shape Create(params ReadOnlySpan<int> axes)
    {
        if (axes.IsEmpty)
            return default;
        if (KnownAxes.TryFind(axes, out int[]? known, out int knownLength))
            return new(known, knownLength);
        if (axes.Length > MaxRank)
            throw new ArgumentOutOfRangeException(nameof(axes), axes.Length, $"A tensor has at most {MaxRank} axes.");
        // Axes of length 0 are left out of the bound, so that any axes of a shape, whichever a reduction leaves, number an int.
        long product = 1;
        foreach (int axis in axes)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(axis, nameof(axes));
            product *= Math.Max(1, axis);
            if (product > int.MaxValue)
                throw new ArgumentOutOfRangeException(nameof(axes), $"The axes [{string.Join(", ", axes.ToArray())}] multiply to more than {int.MaxValue}, axes of length 0 left out.");
        }
        int length = axes.Contains(0) ? 0 : (int)product;
        return new(KnownAxes.Remember(axes.ToArray(), length), length);
    }

    /// <summary>The axis counted from 0; negative axes count from the end. A scalar has none, where torch lets 0 and −1 stand for one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int NormalizeAxis(int axis)
    {
        int normal = axis < 0 ? axis + Rank : axis;
        if ((uint)normal >= (uint)Rank)
            throw new ArgumentOutOfRangeException(nameof(axis), axis, Rank == 0 ? "A scalar has no axes." : $"A tensor of shape {this} has axes 0 to {Rank - 1}, or {-Rank} to -1.");
        return normal;
    }

    /// <summary>The shape that two shapes broadcast to: aligned at the last axis, equal lengths stay, 1 stretches.</summary>
    /// <exception cref="ArgumentException">Two aligned axes differ and neither is 1.</exception>
    public static Shape Broadcast(Shape left, Shape right)
    {
        if (left.Equals(right) || right.Rank == 0)
            return left;
        if (left.Rank == 0)
            return right;
        int rank = Math.Max(left.Rank, right.Rank);
        Span<int> axes = rank <= 16 ? stackalloc int[rank] : new int[rank];
        for (int i = 1; i <= rank; i++)
        {
            int a = i <= left.Rank ? left._axes![^i] : 1, b = i <= right.Rank ? right._axes![^i] : 1;
            if (a != b && a != 1 && b != 1)
                throw new ArgumentException($"Shapes {left} and {right} do not broadcast: aligned at the last axis, {a} meets {b}; expected equal lengths, or 1.");
            axes[^i] = a == 1 ? b : a;
        }
        return axes.SequenceEqual(left.Axes) ? left : axes.SequenceEqual(right.Axes) ? right : Create(axes);
    }

    /// <summary>This shape with the given axes removed, or of length 1 where they are kept.</summary>
    /// <param name="axes">The axes to reduce; none means all.</param>
    /// <param name="keepAxes">Whether a reduced axis stays, with length 1.</param>
    public Shape Reduce(ReadOnlySpan<int> axes, bool keepAxes)
    {
        Span<bool> reduced = Rank <= 16 ? stackalloc bool[Rank] : new bool[Rank];
        MarkAxes(axes, reduced);
        Span<int> kept = Rank <= 16 ? stackalloc int[Rank] : new int[Rank];
        int rank = 0;
        for (int i = 0; i < Rank; i++)
        {
            if (!reduced[i])
                kept[rank++] = _axes![i];
            else if (keepAxes)
                kept[rank++] = 1;
        }
        return Create(kept[..rank]);
    }

    /// <summary>Marks the given axes; none means all.</summary>
    internal void MarkAxes(ReadOnlySpan<int> axes, Span<bool> marked)
    {
        marked[..Rank].Fill(axes.IsEmpty);
        foreach (int axis in axes)
        {
            int normal = NormalizeAxis(axis);
            if (marked[normal])
                throw new ArgumentException($"Axis {axis} of shape {this} is named twice.", nameof(axes));
            marked[normal] = true;
        }
    }

    /// <summary>Whether a tensor of this shape broadcasts to <paramref name="target"/>.</summary>
    public bool BroadcastsTo(Shape target)
    {
        if (Rank > target.Rank)
            return false;
        for (int i = 1; i <= Rank; i++)
        {
            if (_axes![^i] != target._axes![^i] && _axes[^i] != 1)
                return false;
        }
        return true;
    }

    /// <summary>The number of rows along the last axis, also where that axis is empty.</summary>
    internal int Rows()
    {
        int rows = 1;
        foreach (int axis in Axes[..^1])
            rows *= axis;
        return rows;
    }

    /// <summary>The row-major strides: how many elements apart neighbours along each axis are.</summary>
    internal int[] RowMajorStrides()
    {
        int[] strides = new int[Rank];
        int stride = 1;
        for (int i = Rank - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(1, _axes![i]);
        }
        return strides;
    }

    /// <summary>Enumerates the axes' lengths.</summary>
    public ReadOnlySpan<int>.Enumerator GetEnumerator() => Axes.GetEnumerator();

    /// <summary>Whether the axes are the same array: enough to say that shapes are equal, not that they differ.</summary>
    internal bool IsSame(Shape other) => ReferenceEquals(_axes, other._axes);

    /// <inheritdoc/>
    public bool Equals(Shape other) => ReferenceEquals(_axes, other._axes) || Axes.SequenceEqual(other.Axes);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int axis in Axes)
            hash.Add(axis);
        return hash.ToHashCode();
    }

    /// <summary>Whether two shapes have equal axes.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The axes in brackets: <c>[2, 3]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", _axes ?? [])}]";
}
