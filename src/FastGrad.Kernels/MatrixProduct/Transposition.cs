using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Copies a matrix into its transpose.</summary>
internal static unsafe class Transposition
{
    /// <summary>to[i·toStep + r] = from[r·fromLine + i] for r &lt; lines, i &lt; steps.</summary>
    /// <remarks>Moves bits only, so the path taken shows in no result.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy<T>(T* from, nint fromLine, int lines, int steps, T* to, nint toStep)
        where T : unmanaged
    {
        int r = 0;
        if (sizeof(T) == sizeof(float) && Avx.IsSupported)
        {
            for (; r + 8 <= lines; r += 8)
                EightLines((float*)(from + r * fromLine), fromLine, steps, (float*)(to + r), toStep);
        }
        if (sizeof(T) == sizeof(float) && Zip.IsSupported)
        {
            for (; r + 4 <= lines; r += 4)
                FourLines((float*)(from + r * fromLine), fromLine, steps, (float*)(to + r), toStep);
        }
        if (sizeof(T) == sizeof(double) && Zip.IsSupported)
        {
            for (; r + 2 <= lines; r += 2)
                TwoLines((double*)(from + r * fromLine), fromLine, steps, (double*)(to + r), toStep);
        }
        for (; r < lines; r++)
        {
            T* source = from + r * fromLine, target = to + r;
            for (int i = 0; i < steps; i++, target += toStep)
                *target = source[i];
        }
    }

    /// <summary>Two 4 × 4 transposes side by side, lines 0-3 in the lower and 4-7 in the upper half: no shuffle crosses halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightLines(float* from, nint line, int steps, float* to, nint toStep)
    {
        int i = 0;
        float* upper = from + 4 * line;
        for (; i + 4 <= steps; i += 4, to += 4 * toStep)
        {
            Vector256<float> a = Pair(from + i, upper + i), b = Pair(from + line + i, upper + line + i);
            Vector256<float> c = Pair(from + 2 * line + i, upper + 2 * line + i), d = Pair(from + 3 * line + i, upper + 3 * line + i);
            Vector256<double> abLow = Avx.UnpackLow(a, b).AsDouble(), abHigh = Avx.UnpackHigh(a, b).AsDouble();
            Vector256<double> cdLow = Avx.UnpackLow(c, d).AsDouble(), cdHigh = Avx.UnpackHigh(c, d).AsDouble();
            Avx.UnpackLow(abLow, cdLow).AsSingle().Store(to);
            Avx.UnpackHigh(abLow, cdLow).AsSingle().Store(to + toStep);
            Avx.UnpackLow(abHigh, cdHigh).AsSingle().Store(to + 2 * toStep);
            Avx.UnpackHigh(abHigh, cdHigh).AsSingle().Store(to + 3 * toStep);
        }
        for (; i < steps; i++, to += toStep)
        {
            for (int r = 0; r < 8; r++)
                to[r] = from[r * line + i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(float* low, float* high) => Vector256.Create(Vector128.Load(low), Vector128.Load(high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourLines(float* from, nint line, int steps, float* to, nint toStep)
    {
        int i = 0;
        for (; i + 4 <= steps; i += 4, to += 4 * toStep)
        {
            Vector128<float> a = Vector128.Load(from + i), b = Vector128.Load(from + line + i);
            Vector128<float> c = Vector128.Load(from + 2 * line + i), d = Vector128.Load(from + 3 * line + i);
            Vector128<double> abLow = Zip.Low(a, b).AsDouble(), abHigh = Zip.High(a, b).AsDouble();
            Vector128<double> cdLow = Zip.Low(c, d).AsDouble(), cdHigh = Zip.High(c, d).AsDouble();
            Zip.Low(abLow, cdLow).AsSingle().Store(to);
            Zip.High(abLow, cdLow).AsSingle().Store(to + toStep);
            Zip.Low(abHigh, cdHigh).AsSingle().Store(to + 2 * toStep);
            Zip.High(abHigh, cdHigh).AsSingle().Store(to + 3 * toStep);
        }
        for (; i < steps; i++, to += toStep)
        {
            for (int r = 0; r < 4; r++)
                to[r] = from[r * line + i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoLines(double* from, nint line, int steps, double* to, nint toStep)
    {
        int i = 0;
        for (; i + 2 <= steps; i += 2, to += 2 * toStep)
        {
            Vector128<double> a = Vector128.Load(from + i), b = Vector128.Load(from + line + i);
            Zip.Low(a, b).Store(to);
            Zip.High(a, b).Store(to + toStep);
        }
        if (i < steps)
        {
            to[0] = from[i];
            to[1] = from[line + i];
        }
    }
}
