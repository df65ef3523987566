using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Indexing;

/// <summary>Whole slices of an axis by index: rows of an embedding table, torch.index_select; and their transpose, a sum by index.</summary>
public static unsafe class IndexSelect
{
    // Elements from which a second thread is worth asking.
    private const int Worthwhile = 64 * 1024;

    /// <summary>y[o, i, :] = x[o, indices[i], :].</summary>
    /// <param name="x">[outer, extent, inner].</param>
    /// <param name="indices">From 0 to extent − 1.</param>
    /// <param name="outer">The product of the dimensions before the axis.</param>
    /// <param name="extent">The length of the axis.</param>
    /// <param name="inner">The product of the dimensions after it.</param>
    /// <param name="y">[outer, indices, inner]; no memory of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside the axis; the message names its position, value and bound.</exception>
    public static void Copy<T>(ReadOnlySpan<T> x, ReadOnlySpan<int> indices, int outer, int extent, int inner, Span<T> y)
        where T : unmanaged
    {
        Check(x.Length, y.Length, indices, outer, extent, inner, nameof(x), nameof(y));
        SpanCheck.Disjoint(x, y);
        for (int o = 0; o < outer; o++)
        {
            ReadOnlySpan<T> from = x.Slice(o * extent * inner, extent * inner);
            Span<T> to = y.Slice(o * indices.Length * inner, indices.Length * inner);
            for (int i = 0; i < indices.Length; i++)
                from.Slice(indices[i] * inner, inner).CopyTo(to.Slice(i * inner, inner));
        }
    }

    /// <summary>y[o, indices[i], :] += x[o, i, :], for i in order: each element of y is one chain of additions, whoever does it.</summary>
    /// <remarks>Threads own runs of slices of y, and each reads all indices: no order is left to chance, and nothing is sorted.</remarks>
    /// <param name="x">[outer, indices, inner].</param>
    /// <param name="indices">From 0 to extent − 1; any index may occur more than once.</param>
    /// <param name="outer">The product of the dimensions before the axis.</param>
    /// <param name="extent">The length of the axis of y.</param>
    /// <param name="inner">The product of the dimensions after it.</param>
    /// <param name="y">[outer, extent, inner]; no memory of <paramref name="x"/>.</param>
    /// <param name="ignored">An index whose slices are left out, such as an embedding's padding; −1 for none.</param>
    /// <param name="workers">The team to share the work; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside the axis; the message names its position, value and bound.</exception>
    public static void Add<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<int> indices, int outer, int extent, int inner, Span<T> y, int ignored = -1, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(y.Length, x.Length, indices, outer, extent, inner, nameof(y), nameof(x));
        SpanCheck.Disjoint(x, y);
        fixed (T* px = x, py = y)
        fixed (int* pi = indices)
        {
            int threads = workers is not null && x.Length >= Worthwhile ? workers.Size : 1;
            var job = new AddJob<T>(px, pi, indices.Length, outer, extent, inner, py, ignored, new(extent, Math.Max(1, (extent + threads - 1) / threads)));
            if (threads > 1)
                workers!.Run(job.Parts, ref job);
            else if (extent > 0)
                job.Execute(0);
        }
    }

    private static void Check(int whole, int selected, ReadOnlySpan<int> indices, int outer, int extent, int inner, string wholeName, string selectedName)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outer);
        ArgumentOutOfRangeException.ThrowIfNegative(extent);
        ArgumentOutOfRangeException.ThrowIfNegative(inner);
        IndexCheck.Length(whole, outer, extent, inner, wholeName);
        IndexCheck.Length(selected, outer, indices.Length, inner, selectedName);
        IndexCheck.Range(indices, extent);
    }

    private readonly struct AddJob<T>(T* x, int* indices, int count, int outer, int extent, int inner, T* y, int ignored, Partition owned) : IWorkerJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public int Parts => owned.Count;

        public void Execute(int part)
        {
            int first = owned.Start(part), size = owned.Size(part);
            for (int o = 0; o < outer; o++)
            {
                T* from = x + (nint)o * count * inner, to = y + (nint)o * extent * inner;
                for (int i = 0; i < count; i++)
                {
                    int index = indices[i];
                    if ((uint)(index - first) < (uint)size && index != ignored)
                        Accumulate.Add(new ReadOnlySpan<T>(from + (nint)i * inner, inner), new Span<T>(to + (nint)index * inner, inner));
                }
            }
        }
    }
}
