using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FastGrad.Benchmarks.Accuracy;

/// <summary>A function from numbers to numbers, many at a time.</summary>
internal delegate void SpanFunction<T>(ReadOnlySpan<T> x, Span<T> y);

/// <summary>All 2³² floats, or each n-th, through functions in float; their errors against a function in double.</summary>
/// <param name="exact">The values in double, whose own error (4 ulp of double are 7.5e-9 ulp of float) does not show.</param>
/// <param name="functions">The functions to measure.</param>
/// <param name="floor">What errors at x are relative to where the exact value is smaller; 0 for none, one number for each sign.</param>
internal sealed class SingleSweep(SpanFunction<double> exact, SpanFunction<float>[] functions, Func<float, double> floor)
{
    private const int Chunk = 1 << 13, Binades = 512;

    /// <summary>What came of one function: the mean over the inputs with a finite exact value, and the worst input of each sign and exponent.</summary>
    internal sealed class Result
    {
        public double Sum { get; set; }

        public long Count { get; set; }

        public (double Error, float X)[] Worst { get; } = new (double, float)[Binades];
    }

    /// <summary>Sweeps the floats whose bits are multiples of <paramref name="stride"/>.</summary>
    public Result[] Run(int stride, int threads, CancellationToken stop)
    {
        var parts = new Result[threads][];
        Parallel.For(0, threads, part => parts[part] = Part(part, stride, threads, stop));
        stop.ThrowIfCancellationRequested();
        return [.. Enumerable.Range(0, functions.Length).Select(f => Merge(parts.Select(part => part[f])))];
    }

    private Result[] Part(int part, int stride, int threads, CancellationToken stop)
    {
        uint[] bits = new uint[Chunk];
        float[] y = new float[Chunk];
        double[] wide = new double[Chunk], truth = new double[Chunk];
        Result[] results = [.. functions.Select(_ => new Result())];
        long inputs = ((1L << 32) + stride - 1) / stride;
        for (long first = (long)part * Chunk; first < inputs && !stop.IsCancellationRequested; first += (long)threads * Chunk)
        {
            // The last chunk of a stride that is no power of two begins again at 0.
            Vector512<uint> next = Vector512.CreateSequence((uint)(first * stride), (uint)stride), step = Vector512.Create(16 * (uint)stride);
            for (int i = 0; i < Chunk; i += 16, next += step)
            {
                next.CopyTo(bits, i);
                (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(next.AsSingle());
                lower.CopyTo(wide, i);
                upper.CopyTo(wide, i + 8);
            }
            ReadOnlySpan<float> x = MemoryMarshal.Cast<uint, float>(bits);
            exact(wide, truth);
            for (int f = 0; f < functions.Length; f++)
            {
                functions[f](x, y);
                Take(results[f], x, y, truth);
            }
        }
        return results;
    }

    private void Take(Result result, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<double> truth)
    {
        (double max, double sum, long count) = UlpErrors.Of(y, truth, floor(x[0]));
        result.Sum += sum;
        result.Count += count;
        if (max <= result.Worst[Binade(x[0])].Error && max <= result.Worst[Binade(x[^1])].Error)
            return;
        for (int i = 0; i < x.Length; i++)
        {
            double error = UlpErrors.Of(y[i], truth[i], floor(x[i]));
            ref (double Error, float X) worst = ref result.Worst[Binade(x[i])];
            if (error > worst.Error)
                worst = (error, x[i]);
        }
    }

    private static int Binade(float x) => (int)(BitConverter.SingleToUInt32Bits(x) >> 23);

    private static Result Merge(IEnumerable<Result> parts)
    {
        var merged = new Result();
        foreach (Result part in parts)
        {
            merged.Sum += part.Sum;
            merged.Count += part.Count;
            for (int i = 0; i < Binades; i++)
            {
                if (part.Worst[i].Error > merged.Worst[i].Error)
                    merged.Worst[i] = part.Worst[i];
            }
        }
        return merged;
    }
}
