using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Kernels.Convolution;

/// <summary>Kernels of 3 × 3 as 16 points each: u = G·g·Gᵀ, and the way back for gradients.</summary>
internal static unsafe class WinogradWeights
{
    /// <summary>
    /// to[point][group][channel][i] = (G·g·Gᵀ)[point] of g = w[(group·width + i)·line + channel·step …]: the order in which tiles read them.
    /// </summary>
    /// <param name="w">The first kernel.</param>
    /// <param name="line">From one output channel to the next.</param>
    /// <param name="lines">Output channels.</param>
    /// <param name="step">From one input channel to the next.</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="turned">Whether the kernel's last element comes first, as input gradients want it.</param>
    /// <param name="width">Output channels of a group.</param>
    /// <returns>16 · groups · channels · width elements, in the calling thread's scratch. What a shorter last group lacks is left as it is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T* Pack<T>(T* w, nint line, int lines, nint step, int channels, bool turned, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint point = (nint)((lines + width - 1) / width) * channels * width;
        T* packed = Scratch.A<T>(Winograd<T>.Points * point), to = packed; // the computing threads' own area is C
        T* u = stackalloc T[Winograd<T>.Points], g = stackalloc T[9];
        for (int first = 0; first < lines; first += width)
        {
            for (int c = 0; c < channels; c++, to += width)
            {
                for (int i = 0; i < Math.Min(width, lines - first); i++)
                {
                    T* from = w + (first + i) * line + c * step;
                    for (int k = 0; k < 9; k++)
                        g[k] = from[turned ? 8 - k : k];
                    Transform(g, u);
                    for (int k = 0; k < Winograd<T>.Points; k++)
                        to[k * point + i] = u[k];
                }
            }
        }
        return packed;
    }

    /// <summary>u = G·g·Gᵀ.</summary>
    public static void Transform<T>(T* g, T* u)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T half = T.CreateTruncating(0.5);
        T* t = stackalloc T[12];
        for (int j = 0; j < 3; j++)
        {
            T ends = g[j] + g[6 + j];
            (t[j], t[3 + j], t[6 + j], t[9 + j]) = (g[j], (ends + g[3 + j]) * half, (ends - g[3 + j]) * half, g[6 + j]);
        }
        for (int i = 0; i < 4; i++)
        {
            T ends = t[3 * i] + t[3 * i + 2], middle = t[3 * i + 1];
            (u[4 * i], u[4 * i + 1], u[4 * i + 2], u[4 * i + 3]) = (t[3 * i], (ends + middle) * half, (ends - middle) * half, t[3 * i + 2]);
        }
    }

    /// <summary>g = Gᵀ·u·G.</summary>
    public static void Gradient<T>(T* u, T* g)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T half = T.CreateTruncating(0.5);
        T* t = stackalloc T[12];
        for (int j = 0; j < 4; j++)
        {
            T sum = (u[4 + j] + u[8 + j]) * half;
            (t[j], t[4 + j], t[8 + j]) = (u[j] + sum, (u[4 + j] - u[8 + j]) * half, sum + u[12 + j]);
        }
        for (int i = 0; i < 3; i++)
        {
            T* row = t + 4 * i;
            T sum = (row[1] + row[2]) * half;
            (g[3 * i], g[3 * i + 1], g[3 * i + 2]) = (row[0] + sum, (row[1] - row[2]) * half, sum + row[3]);
        }
    }
}
