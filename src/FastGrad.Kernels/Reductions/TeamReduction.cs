using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Reductions;

/// <summary>Flat reductions shared among threads: each part is a subtree of the one order that <see cref="Reduce"/> states.</summary>
/// <remarks>A part has a power of two of blocks and begins at a multiple of it, so joining parts is going on with the tree.</remarks>
internal static unsafe class TeamReduction
{
    /// <summary>Elements from which threads are worth asking: tens of microseconds from memory.</summary>
    public const int Worthwhile = 1 << 18;

    private const int MostParts = 32;

    /// <summary>The reduction of at least <see cref="Worthwhile"/> elements.</summary>
    [SkipLocalsInit]
    public static T Of<TReduction, T>(TReduction reduction, ReadOnlySpan<T> x, ReadOnlySpan<T> y, WorkerTeam workers)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = x.Length / Reduce.RowLength, rest = x.Length % Reduce.RowLength, blocks = (rows + Reduce.BlockRows - 1) / Reduce.BlockRows;
        int height = (int)BitOperations.RoundUpToPowerOf2((uint)(blocks + MostParts - 1) / MostParts) * Reduce.BlockRows;
        int parts = (rows + height - 1) / height;
        Span<T> partial = stackalloc T[MostParts * Reduce.RowLength];
        fixed (T* px = x, py = y, pp = partial)
        {
            var job = new Job<TReduction, T>(reduction, px, py, pp, rows, height);
            workers.Run(parts, ref job);
            Join(reduction, pp, parts);
            ref T row = ref *pp;
            if (rest > 0)
                FlatReduction.Continue(reduction, ref px[x.Length - rest], ref py[x.Length - rest], ref row, (nuint)rest);
            return FlatReduction.Fold(reduction, ref row, Reduce.RowLength);
        }
    }

    // The binary counter once more: after part i the trees that it completes are joined into the row of their first part.
    private static void Join<TReduction, T>(TReduction reduction, T* partial, int parts)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int width = 1; width < parts; width *= 2)
        {
            for (int first = 0; first + width < parts; first += 2 * width)
            {
                ref T left = ref partial[first * Reduce.RowLength];
                var pairs = new Pairs<TReduction, T>(reduction, ref left, ref partial[(first + width) * Reduce.RowLength], ref left);
                Ladder.Descend<Pairs<TReduction, T>, T>(ref pairs, Reduce.RowLength);
            }
        }
    }

    private readonly struct Job<TReduction, T>(TReduction reduction, T* x, T* y, T* partial, int rows, int height) : IWorkerJob
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Execute(int part)
        {
            nint first = (nint)part * height * Reduce.RowLength;
            ColumnReduction.Of(
                reduction, ref x[first], ref y[first], Reduce.RowLength, (nuint)Math.Min(height, rows - part * height), Reduce.RowLength,
                ref partial[part * Reduce.RowLength]);
        }
    }
}
