using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
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
        if (sizeof(T) == sizeof(float) && Unpack.IsSupported)
        {
            for (; r + 4 <= lines; r += 4)
                FourLines((float*)(from + r * fromLine), fromLine, steps, (float*)(to + r), toStep);
        }
        if (sizeof(T) == sizeof(double) && Unpack.IsSupported)
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
            Vector128<double> abLow = Unpack.Low(a, b).AsDouble(), abHigh = Unpack.High(a, b).AsDouble();
            Vector128<double> cdLow = Unpack.Low(c, d).AsDouble(), cdHigh = Unpack.High(c, d).AsDouble();
            Unpack.Low(abLow, cdLow).AsSingle().Store(to);
            Unpack.High(abLow, cdLow).AsSingle().Store(to + toStep);
            Unpack.Low(abHigh, cdHigh).AsSingle().Store(to + 2 * toStep);
            Unpack.High(abHigh, cdHigh).AsSingle().Store(to + 3 * toStep);
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
            Unpack.Low(a, b).Store(to);
            Unpack.High(a, b).Store(to + toStep);
        }
        if (i < steps)
        {
            to[0] = from[i];
            to[1] = from[line + i];
        }
    }

    /// <summary>Interleaving of two vectors' lower or upper halves.</summary>
    private static class Unpack
    {
        public static bool IsSupported => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

        public static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
            Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

        public static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
            Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

        public static Vector128<double> Low(Vector128<double> a, Vector128<double> b) =>
            Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

        public static Vector128<double> High(Vector128<double> a, Vector128<double> b) =>
            Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
    }
}
