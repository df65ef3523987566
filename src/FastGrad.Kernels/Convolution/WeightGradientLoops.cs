using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Kernels.Convolution;

/// <summary>dwᵀ[c·taps + t, o] = Σ over images and outputs of plane<sub>c</sub>[output + offset<sub>t</sub>]·dy[o, output]: a long product.</summary>
/// <remarks>
/// Some outputs at a time: dy is transposed, so that vectors run along output channels, and a tile's rows of the image are gathered into L1.
/// A tile continues the chains that the outputs before have begun.
/// </remarks>
internal static unsafe class WeightGradientLoops<TKernels, T>
    where TKernels : struct, IKernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Outputs at a time: each tile loads and stores its sums once for so many steps.</summary>
    private const int Block = 256;

    private static int Width => TKernels.Vectors * TKernels.Lanes;

    /// <summary>Some input and output channels of one group.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in WeightGradient<T> work, int group, int input, int inputs, int output, int outputs)
    {
        ConvolutionShape shape = work.Shape;
        int taps = shape.Window, rows = inputs * taps, positions = shape.OutputPlane, block = Math.Min(Block, positions);
        bool inPlace = shape.Rows.IsPointwise && shape.Columns.IsPointwise;
        nint width = RoundUp(outputs), line = inPlace ? shape.InputPlane : (block + Strips.Slack - 1) / Strips.Slack * Strips.Slack;
        nint channel = inPlace ? shape.InputPlane : work.Plane.Size(shape.Rows.Output);
        nint sums = rows * width, planes = inPlace ? 0 : inputs * channel + Strips.Slack, gathered = inPlace ? 0 : TKernels.Rows * line + Strips.Slack;
        T* sum = Scratch.C<T>(sums + planes + gathered + block * width + 64);
        T* plane = sum + sums;
        T* a = plane + (planes + 15) / 16 * 16;
        T* b = a + (gathered + 15) / 16 * 16;

        nint weights = (nint)shape.GroupInputs * taps;
        T* dw = work.Dw + (group * shape.GroupOutputs + output) * weights + (nint)input * taps;
        if (work.Accumulate)
            Transposition.Copy(dw, weights, outputs, rows, sum, width);
        nint* starts = stackalloc nint[Block];
        int* lengths = stackalloc int[Block];
        Strips runs = new(starts, lengths);
        bool load = work.Accumulate;
        for (int image = 0; image < shape.Batch; image++)
        {
            T* x = work.X + ((nint)image * shape.InputChannels + group * shape.GroupInputs + input) * shape.InputPlane;
            T* dy = work.Dy + ((nint)image * shape.OutputChannels + group * shape.GroupOutputs + output) * positions;
            for (int c = 0; c < inputs && !inPlace; c++)
                work.Plane.Copy(x + (nint)c * shape.InputPlane, 0, shape.Rows.Output, plane + c * channel);
            for (int first = 0; first < positions; first += block)
            {
                int count = Math.Min(block, positions - first);
                Transposition.Copy(dy + first, positions, outputs, count, b, width);
                runs.Find(first, count, shape.Columns.Output, (nint)work.Plane.RowStep * work.Plane.Pitch);
                for (int row = 0; row < rows; row += TKernels.Rows)
                {
                    int some = Math.Min(TKernels.Rows, rows - row);
                    T* tile = inPlace ? x + row * channel + first : a;
                    for (int i = 0; i < some && !inPlace;)
                    {
                        // The taps of one channel together.
                        int c = (row + i) / taps, t = (row + i) % taps, together = Math.Min(some - i, taps - t);
                        runs.Gather(plane + c * channel, 0, 1, work.Offsets + t, together, a + i * line, line);
                        i += together;
                    }
                    Multiply(some, outputs, count, tile, line, b, width, sum + row * width, load);
                }
                load = true;
            }
        }
        if (!load)
            new Span<T>(sum, checked((int)sums)).Clear(); // no images
        Transposition.Copy(sum, width, rows, outputs, dw, weights);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(int rows, int columns, int k, T* a, nint aRow, T* b, nint bStep, T* c, bool load)
    {
        while (rows > 0)
        {
            int some = rows == TKernels.Rows ? rows : rows >= 4 ? 4 : rows >= 2 ? 2 : 1;
            for (int j = 0; j < columns;)
            {
                // Rows of b and c are whole vectors; what lies beyond the last column is never read again.
                int vectors = (columns - j + TKernels.Lanes - 1) / TKernels.Lanes;
                // Four vectors are better done as two and two than as three and one: a tile of one vector loads more than it computes.
                vectors = vectors == 4 && TKernels.Vectors == 3 ? 2 : Math.Min(vectors, TKernels.Vectors);
                TKernels.Run(some, vectors, k, a, aRow, 1, b + j, bStep, c + j, bStep, 0, load, null);
                j += vectors * TKernels.Lanes;
            }
            a += some * aRow;
            c += some * bStep;
            rows -= some;
        }
    }

    private static nint RoundUp(int columns) => (columns + TKernels.Lanes - 1) / TKernels.Lanes * TKernels.Lanes;
}
