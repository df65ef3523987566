using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Reductions;

/// <summary>The first element that equals an extremum which a reduction has found; NaN equals NaN here.</summary>
internal static class Locate
{
    public static void NotEmpty(int length, string name)
    {
        if (length == 0)
            throw new ArgumentException($"{name} is empty; expected at least one element.", name);
    }

    /// <summary>The index of the first element equal to <paramref name="value"/>, which must occur.</summary>
    public static int First<T>(ReadOnlySpan<T> x, T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var search = new Search<T>(ref MemoryMarshal.GetReference(x), value);
        nuint start = 0, length = (nuint)x.Length;
        if (Isa.Has512) start = search.Skip<Simd512<T>>(start, length);
        else if (Isa.Has256) start = search.Skip<Simd256<T>>(start, length);
        else if (Isa.Has128) start = search.Skip<Simd128<T>>(start, length);
        return (int)search.Skip<Lane<T>>(start, length);
    }

    /// <summary>indices[o, i] = the first a with x[o, a, i] equal to values[o, i].</summary>
    public static void Along<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, ReadOnlySpan<T> values, Span<int> indices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int o = 0; o < outer; o++)
        {
            ReadOnlySpan<T> slab = x.Slice(o * axis * inner, axis * inner), best = values.Slice(o * inner, inner);
            Span<int> first = indices.Slice(o * inner, inner);
            if (inner == 1)
            {
                first[0] = First(slab, best[0]);
                continue;
            }

            // From the last row to the first, so that the first match is the one that stays.
            for (int a = axis - 1; a >= 0; a--)
            {
                ReadOnlySpan<T> row = slab.Slice(a * inner, inner);
                for (int i = 0; i < row.Length; i++)
                    if (row[i] == best[i] || T.IsNaN(row[i]))
                        first[i] = a;
            }
        }
    }

    private readonly ref struct Search<T>(ref T x, T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly ref T _x = ref x;
        private readonly T _value = value;

        /// <summary>The start of the first vector with a match.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public nuint Skip<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            // Where the extremum is NaN it equals nothing, and the unequal elements are looked for; else no element is NaN.
            V value = V.Create(_value);
            bool nan = T.IsNaN(_value);
            for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
            {
                V x = V.Load(in _x, i);
                if (V.Any(nan ? V.Not(V.Equal(x, x)) : V.Equal(x, value)))
                    break;
            }
            return i;
        }
    }
}
