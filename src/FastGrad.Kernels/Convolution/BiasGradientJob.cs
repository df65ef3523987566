using System.Numerics;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Convolution;

/// <summary>The sums of a bias gradient, image by image, so that memory is read in its order; threads share the channels.</summary>
internal readonly unsafe struct BiasGradientJob<T>(int batch, int channels, int plane, T* dy, T* db, bool accumulate) : IWorkerJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements from which a team pays.</summary>
    public const int Worthwhile = 64 * 1024;

    // Sums of one part: they lie on the stack.
    private const int Channels = 16;

    public int Parts => (channels + Channels - 1) / Channels;

    public void Execute(int part) => Sum(part * Channels, Math.Min(Channels, channels - part * Channels));

    /// <summary>db[c] = or += Σ over images, in their order, of the sums of channel c's planes.</summary>
    public void Sum(int first, int count)
    {
        T* sums = stackalloc T[Channels];
        for (; count > 0; first += Channels, count -= Channels)
        {
            int some = Math.Min(Channels, count);
            new Span<T>(sums, some).Clear();
            for (int n = 0; n < batch; n++)
            {
                for (int c = 0; c < some; c++)
                    sums[c] += Reductions.Sum.Of(new ReadOnlySpan<T>(dy + ((nint)n * channels + first + c) * plane, plane));
            }
            for (int c = 0; c < some; c++)
                db[first + c] = accumulate ? db[first + c] + sums[c] : sums[c];
        }
    }
}
