using System.Numerics;

namespace FastGrad.Kernels.Reductions;

/// <summary>The stable order of the elements along an axis: equal ones keep theirs, NaN is the greatest, −0 equals 0.</summary>
public static class Ordering
{
    /// <summary>indices[o, k, i] = where along the axis the k-th of x[o, ·, i] is, in ascending or descending order.</summary>
    /// <param name="x">outer·axis·inner elements, row-major.</param>
    /// <param name="outer">The product of the dimensions before the axis.</param>
    /// <param name="axis">The length of the axis.</param>
    /// <param name="inner">The product of the dimensions after it.</param>
    /// <param name="count">How many to give, from the first on: at most <paramref name="axis"/>.</param>
    /// <param name="descending">Whether the greatest is the first.</param>
    /// <param name="indices">outer·count·inner indices.</param>
    /// <exception cref="ArgumentException">A length does not fit the shape.</exception>
    public static void Indices<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, int count, bool descending, Span<int> indices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, axis);
        if (x.Length != (Int128)outer * axis * inner || indices.Length != (Int128)outer * count * inner)
            throw new ArgumentException($"{x.Length} elements and {indices.Length} indices; expected {outer}·{axis}·{inner} (outer·axis·inner) and {outer}·{count}·{inner}.", nameof(x));
        Key<T>[] keys = System.Buffers.ArrayPool<Key<T>>.Shared.Rent(axis);
        Span<Key<T>> line = keys.AsSpan(0, axis);
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                for (int a = 0; a < axis; a++)
                    line[a] = new(x[(o * axis + a) * inner + i], a, descending);
                line.Sort();
                for (int k = 0; k < count; k++)
                    indices[(o * count + k) * inner + i] = line[k].Index;
            }
        }
        System.Buffers.ArrayPool<Key<T>>.Shared.Return(keys);
    }

    // The index breaks ties, so that the unstable sort of the library is a stable one.
    private readonly struct Key<T>(T value, int index, bool descending) : IComparable<Key<T>>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _value = value;
        private readonly bool _descending = descending;

        public int Index { get; } = index;

        public int CompareTo(Key<T> other)
        {
            int order = _value < other._value ? -1 : _value > other._value ? 1 : T.IsNaN(_value).CompareTo(T.IsNaN(other._value));
            return order == 0 ? Index.CompareTo(other.Index) : _descending ? -order : order;
        }
    }
}
