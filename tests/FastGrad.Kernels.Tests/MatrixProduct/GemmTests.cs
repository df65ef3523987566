using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Tests.Guarded;
using FastGrad.Kernels.Workers;
using Xunit;

namespace FastGrad.Kernels.Tests.MatrixProduct;

/// <summary>Every path of the product equals the scalar chain bit for bit.</summary>
public sealed class GemmTests : IDisposable
{
    private static readonly MatrixForm[] s_forms = [MatrixForm.NN, MatrixForm.TN, MatrixForm.NT, MatrixForm.TT];

    /// <summary>Nothing, one, primes, edges around tiles (4, 6, 8 rows; 1-3 vectors), and around blocks of k (192, 256, 512).</summary>
    private static readonly (int M, int N, int K)[] s_shapes =
    [
        (0, 3, 3), (3, 0, 3), (3, 3, 0), (1, 1, 1), (1, 1, 2), (2, 3, 5), (4, 16, 2), (7, 11, 13), (8, 48, 3), (9, 49, 4),
        (5, 47, 9), (6, 16, 7), (7, 17, 6), (13, 31, 1), (16, 24, 8), (17, 97, 19), (1, 100, 37), (100, 1, 37), (23, 10, 65),
        (12, 33, 192), (9, 20, 193), (10, 50, 256), (11, 13, 257), (8, 26, 384), (3, 29, 513), (1, 7, 1100), (97, 5, 70),
        (101, 103, 107), (150, 60, 260), (30, 1, 400), (64, 10, 256), (1, 65, 33), (1, 200, 8), (70, 1, 21), (64, 30, 20), (33, 40, 35), (2, 1, 3),
        (5, 3, 64), (6, 7, 100), (9, 16, 80), (2, 6, 79), (4, 8, 32), (8, 32, 5), (2, 48, 64),
    ];

    private readonly WorkerTeam _two = new(2);

    public void Dispose() => _two.Dispose();

    public static TheoryData<string> Sets()
    {
        var sets = new TheoryData<string> { "public", "public, 2 threads", "reference", "1" };
        if (Vector128.IsHardwareAccelerated)
        {
            sets.Add("128");
            sets.Add("emulated");
        }
        if (Vector256.IsHardwareAccelerated)
            sets.Add("256");
        if (Vector512.IsHardwareAccelerated)
            sets.Add("512");
        return sets;
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Equals_the_chain_in_float(string set) => CheckAll<float>(set);

    [Theory]
    [MemberData(nameof(Sets))]
    public void Equals_the_chain_in_double(string set) => CheckAll<double>(set);

    /// <summary>All sizes around the widths of vectors and tiles, gaps between rows, and inaccessible pages right beside every matrix.</summary>
    [Fact]
    public void Equals_the_chain_for_all_small_sizes()
    {
        for (int m = 1; m <= 40; m++)
        {
            for (int n = 1; n <= 40; n++)
            {
                int k = (m * 7 + n * 3) % 40 + 1, gap = (m + n) % 4;
                MatrixForm form = s_forms[(m + 3 * n) % 4];
                Check("public", new GemmCase<float>(form, m, n, k, gap, m % 2 == 0, n % 2 == 0));
                if ((m + n) % 3 == 0)
                    Check("public", new GemmCase<double>(form, m, n, k, gap, n % 2 == 0, m % 2 == 0));
            }
            foreach (MatrixForm form in s_forms)
            {
                Check("public", new GemmCase<float>(form, 1, m, 3 * m + 1, m % 3, m % 2 == 0, m % 5 == 0));
                Check("public", new GemmCase<float>(form, m, 1, 3 * m + 2, m % 3, m % 2 == 1, m % 5 == 0));
                Check("public, 2 threads", new GemmCase<double>(form, 1, m + 400, 2 * m + 200, m % 3, m % 2 == 0, m % 5 == 0));
            }
        }
    }

    /// <summary>Every path that can do a product gives its bits, chosen or not.</summary>
    [Fact]
    public unsafe void Every_path_has_the_same_bits()
    {
        foreach (MatrixForm form in s_forms)
        {
            foreach ((int m, int n, int k) in s_shapes)
            {
                var data = new GemmCase<float>(form, m, n, k, 1, true, true);
                float[] expected = data.Expected();
                foreach (GemmPath path in Enum.GetValues<GemmPath>())
                {
                    float[] c = [.. data.C];
                    fixed (float* pa = data.A, pb = data.B, pc = c, pBias = data.Bias)
                    {
                        Product<float> product = GemmArguments.Product(form, m, n, k, pa, data.Lda, pb, data.Ldb, pc, data.Ldc, true, pBias);
                        bool able = product.InLanes == (path == GemmPath.Dots) && path switch
                        {
                            GemmPath.RowsOfB => m == 1 && form is MatrixForm.NN or MatrixForm.TN,
                            GemmPath.RowsOfA => false, // C of one column has gaps here
                            GemmPath.Direct => form is MatrixForm.NN or MatrixForm.TN,
                            _ => m > 0 && n > 0,
                        };
                        if (!able)
                            continue;
                        if (Vector512.IsHardwareAccelerated)
                            GemmLoops<KernelSet512<float>, float>.Run(path, product);
                        else if (Vector256.IsHardwareAccelerated)
                            GemmLoops<KernelSet256<float>, float>.Run(path, product);
                        else
                            GemmLoops<KernelSet1<float>, float>.Run(path, product);
                    }
                    Assert.True(MemoryMarshal.AsBytes<float>(c).SequenceEqual(MemoryMarshal.AsBytes<float>(expected)), $"{path} {data}");
                }
            }
        }
    }

    /// <summary>Tiles of dot products at 256 bits, which a machine with wider ones would not choose: every rest of rows, columns and lanes, beside inaccessible pages.</summary>
    [Fact]
    public unsafe void Narrow_tiles_of_dot_products_have_the_same_bits()
    {
        if (!System.Runtime.Intrinsics.X86.Fma.IsSupported)
            return;
        for (int k = 64; k <= 97; k++)
        {
            int m = k % 9 + 1, n = k % 7 + 2;
            var data = new GemmCase<float>(MatrixForm.NT, m, n, k, k % 3, accumulate: k % 2 == 0);
            foreach (Guard guard in (ReadOnlySpan<Guard>)[Guard.After, Guard.Before])
            {
                using GuardedMemory<float> a = new(data.A, guard), b = new(data.B, guard), c = new(data.C, guard);
                fixed (float* pa = a.Span, pb = b.Span, pc = c.Span)
                    DotTiles256.Multiply(GemmArguments.Product(MatrixForm.NT, m, n, k, pa, data.Lda, pb, data.Ldb, pc, data.Ldc, data.Accumulate, null));
                Assert.Equal(data.Expected(), c.Span.ToArray());
            }
        }
    }

    /// <summary>Several blocks of every kind: rows beyond M, columns beyond N, steps beyond K of <see cref="BlockSizes"/>.</summary>
    [Theory]
    [InlineData(MatrixForm.NN, 200, 2400, 520)]
    [InlineData(MatrixForm.NT, 200, 700, 1030)]
    [InlineData(MatrixForm.TN, 390, 100, 1100)]
    public void Equals_the_chain_over_several_blocks(MatrixForm form, int m, int n, int k)
    {
        Check<float>("public", new GemmCase<float>(form, m, n, k, 0, true, true));
        Check<float>("public, 2 threads", new GemmCase<float>(form, m, n, k, 1, false, true));
    }

    [Fact]
    public void Nan_and_infinity_stay_in_their_row_and_column()
    {
        var data = new GemmCase<float>(MatrixForm.NT, 11, 50, 70);
        data.A[3 * data.Lda + 5] = float.PositiveInfinity;
        data.B[49 * data.Ldb + 5] = float.NaN;
        float[] c = new float[data.C.Length], expected = data.Expected();
        Gemm.Multiply<float>(data.Form, data.M, data.N, data.K, data.A, data.Lda, data.B, data.Ldb, c, data.Ldc);
        for (int i = 0; i < c.Length; i++)
        {
            Assert.Equal(i / 50 != 3 && i % 50 != 49, float.IsFinite(c[i]));
            Assert.True(c[i].Equals(expected[i]), $"element {i}: {c[i]} instead of {expected[i]}");
        }
    }

    [Fact]
    public void Steady_products_allocate_nothing()
    {
        var data = new GemmCase<float>(MatrixForm.NT, 120, 130, 140, bias: true);
        void Product() => Gemm.Multiply<float>(
            data.Form, data.M, data.N, data.K, data.A, data.Lda, data.B, data.Ldb, data.C, data.Ldc, false, data.Bias, _two);
        for (int i = 0; i < 20; i++)
            Product();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
            Product();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Arguments_are_checked()
    {
        float[] six = new float[6], five = new float[5], c = new float[4];
        void Call(int m = 2, int n = 2, int k = 3, float[]? a = null, int lda = 3, float[]? b = null, int ldb = 2, float[]? to = null, int ldc = 2,
            float[]? bias = null, MatrixForm form = MatrixForm.NN) =>
            Gemm.Multiply<float>(form, m, n, k, a ?? six, lda, b ?? new float[6], ldb, to ?? c, ldc, false, bias);
        Call();
        Assert.Throws<ArgumentOutOfRangeException>("m", () => Call(m: -1));
        Assert.Throws<ArgumentOutOfRangeException>("n", () => Call(n: -1));
        Assert.Throws<ArgumentOutOfRangeException>("k", () => Call(k: -1));
        Assert.Throws<ArgumentOutOfRangeException>("lda", () => Call(lda: 2));
        Assert.Throws<ArgumentOutOfRangeException>("ldb", () => Call(ldb: 1));
        Assert.Throws<ArgumentOutOfRangeException>("ldc", () => Call(ldc: 1));
        Assert.Throws<ArgumentOutOfRangeException>("form", () => Call(form: (MatrixForm)4));
        Assert.Throws<ArgumentException>("a", () => Call(a: five));
        Assert.Throws<ArgumentException>("b", () => Call(b: five));
        Assert.Throws<ArgumentException>("c", () => Call(to: new float[3]));
        Assert.Throws<ArgumentException>("c", () => Call(to: six));
        Assert.Throws<ArgumentException>("bias", () => Call(bias: five));
        Assert.Throws<NotSupportedException>(() => Gemm.Multiply<Half>(MatrixForm.NN, 1, 1, 1, new Half[1], 1, new Half[1], 1, new Half[1], 1));
    }

    private void CheckAll<T>(string set) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (MatrixForm form in s_forms)
        {
            for (int i = 0; i < s_shapes.Length; i++)
            {
                (int m, int n, int k) = s_shapes[i];
                Check(set, new GemmCase<T>(form, m, n, k));
                Check(set, new GemmCase<T>(form, m, n, k, gap: 1, accumulate: i % 2 == 0, bias: i % 3 != 0));
            }
        }
    }

    private unsafe void Check<T>(string set, GemmCase<T> p) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] expected = p.Expected();
        foreach (Guard guard in (ReadOnlySpan<Guard>)[Guard.After, Guard.Before])
        {
            using GuardedMemory<T> a = new(p.A, guard), b = new(p.B, guard), c = new(p.C, guard), bias = new(p.Bias, guard);
            switch (set)
            {
                case "public":
                    Gemm.Multiply<T>(p.Form, p.M, p.N, p.K, a.Span, p.Lda, b.Span, p.Ldb, c.Span, p.Ldc, p.Accumulate, bias.Span);
                    break;
                case "public, 2 threads":
                    Gemm.Multiply<T>(p.Form, p.M, p.N, p.K, a.Span, p.Lda, b.Span, p.Ldb, c.Span, p.Ldc, p.Accumulate, bias.Span, _two);
                    break;
                case "reference":
                    Gemm.Reference<T>(p.Form, p.M, p.N, p.K, a.Span, p.Lda, b.Span, p.Ldb, c.Span, p.Ldc, p.Accumulate, bias.Span);
                    break;
                default:
                    fixed (T* pa = a.Span, pb = b.Span, pc = c.Span, pBias = bias.Span)
                    {
                        Product<T> product = GemmArguments.Product(
                            p.Form, p.M, p.N, p.K, pa, p.Lda, pb, p.Ldb, pc, p.Ldc, p.Accumulate, p.Bias.Length > 0 ? pBias : null);
                        if (set == "1")
                            GemmLoops<KernelSet1<T>, T>.Multiply(product);
                        else if (set == "128")
                            GemmLoops<KernelSet128<T>, T>.Multiply(product);
                        else if (set == "emulated")
                            GemmLoops<KernelSetEmulated<T>, T>.Multiply(product);
                        else if (set == "256")
                            GemmLoops<KernelSet256<T>, T>.Multiply(product);
                        else
                            GemmLoops<KernelSet512<T>, T>.Multiply(product);
                    }
                    break;
            }
            if (!MemoryMarshal.AsBytes<T>(c.Span).SequenceEqual(MemoryMarshal.AsBytes<T>(expected)))
            {
                int i = 0;
                while (c.Span[i].Equals(expected[i]))
                    i++;
                Assert.Fail($"{set} {p} guard {guard}: element {i} is {c.Span[i]:R} instead of {expected[i]:R}");
            }
        }
    }
}
