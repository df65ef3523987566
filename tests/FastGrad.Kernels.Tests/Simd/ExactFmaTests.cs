using System.Runtime.Intrinsics;
using FastGrad.Kernels.Simd;
using Xunit;

namespace FastGrad.Kernels.Tests.Simd;

/// <summary>The emulated fused multiply-add against the platform's, which the language defines as rounded once.</summary>
public sealed class ExactFmaTests
{
    [Fact]
    public void PatternsOfAllExponents() =>
        Check(Lanes.Patterns<float>(400_000, 1), Lanes.Patterns<float>(400_000, 2), Lanes.Patterns<float>(400_000, 3));

    [Fact]
    public void Specials()
    {
        float[] s = Lanes.Specials<float>();
        var triples = from a in s from b in s from c in s select (a, b, c);
        (float a, float b, float c)[] all = [.. triples];
        all = all[..(all.Length & ~3)];
        Check([.. all.Select(t => t.a)], [.. all.Select(t => t.b)], [.. all.Select(t => t.c)]);
    }

    /// <summary>c close to −a·b, or far smaller or larger.</summary>
    [Fact]
    public void CancellationAndDenormals()
    {
        const int count = 600_000;
        float[] a = new float[count], b = new float[count], c = new float[count];
        ulong state = 7;
        for (int i = 0; i < count; i++)
        {
            a[i] = Number(-70, 60);
            b[i] = Number(-70, 60);
            double product = (double)a[i] * b[i];
            c[i] = (i % 4) switch
            {
                0 => (float)-product,                                            // all but the last bits cancel
                1 => (float)(product * Math.ScaleB(1, 20 + (int)(Next() % 35))), // far larger
                2 => (float)(product * Math.ScaleB(1, -(int)(Next() % 60))),     // far smaller
                _ => float.Epsilon * (Next() % 9),
            };
            if (i % 8 == 1)
                c[i] = (float)Math.ScaleB(1 + (Next() % 2 == 0 ? 0 : 1.1920929e-7), (int)(Next() % 40) - 20);
            if (i % 16 == 3) // products around half the smallest denormal and the smallest normal
            {
                a[i] = (float)Math.ScaleB(1 + (Next() % 64) / 64.0, -75 + (int)(Next() % 12));
                b[i] = (float)Math.ScaleB(1 + (Next() % 64) / 64.0, -75 + (int)(Next() % 24));
                c[i] = (Next() % 2 == 0 ? 1 : -1) * float.Epsilon * (Next() % 5);
            }
        }
        Check(a, b, c);

        ulong Next()
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            return state >> 33;
        }

        float Number(int low, int high) =>
            (float)Math.ScaleB((Next() % 2 == 0 ? 1 : -1) * (1 + (Next() & 0x7FFFFF) / 8388608.0), low + (int)(Next() % (ulong)(high - low)));
    }

    /// <summary>Sums that rounding to binary64 first would move onto a tie of binary32, and then to the wrong side.</summary>
    [Fact]
    public void DoubleRounding()
    {
        var a = new List<float>();
        var b = new List<float>();
        var c = new List<float>();
        for (int k = -60; k <= 60; k += 3)
        {
            for (int m = 13; m <= 23; m++)
            {
                for (int last = 0; last < 4; last++)
                {
                    // The product is half an ulp of c, less 2⁻²ᵐ of it.
                    float small = MathF.ScaleB(1, -m);
                    Add((1 + small) * MathF.ScaleB(1, k), 1 - small, MathF.ScaleB(1 + last * 1.1920929e-7f, k + 24));
                    Add((1 + small) * MathF.ScaleB(1, k), small - 1, MathF.ScaleB(1 + last * 1.1920929e-7f, k + 24));
                    Add((1 + small) * MathF.ScaleB(1, k), small - 1, -MathF.ScaleB(1 + last * 1.1920929e-7f, k + 24));
                    // (2¹² + 1)² is a tie of binary32; c decides it.
                    Add(4097 * MathF.ScaleB(1, k), 4097 + 2048 * last, MathF.ScaleB(1, k + 24 - 2 * m));
                    Add(4097 * MathF.ScaleB(1, k), 4097 + 2048 * last, -MathF.ScaleB(1, k + 24 - 2 * m));
                    // Ties of denormals: an odd number of halves of the smallest one, and a little.
                    Add((2 * last + 1) * MathF.ScaleB(1, -75), MathF.ScaleB(1, -75), MathF.ScaleB(1, -149));
                    Add((1 + small) * MathF.ScaleB(1, -75), (1 - small) * MathF.ScaleB(1, -75), last * float.Epsilon);
                }
            }
        }
        while (a.Count % 4 != 0)
            Add(1, 1, 1);
        Check([.. a], [.. b], [.. c]);

        void Add(float x, float y, float z)
        {
            a.Add(x);
            b.Add(y);
            c.Add(z);
        }
    }

    private static void Check(float[] a, float[] b, float[] c)
    {
        for (int i = 0; i + 4 <= a.Length; i += 4)
        {
            Vector128<float> result = ExactFma.ThroughDouble(Vector128.Create(a, i), Vector128.Create(b, i), Vector128.Create(c, i));
            for (int j = 0; j < 4; j++)
            {
                float expected = MathF.FusedMultiplyAdd(a[i + j], b[i + j], c[i + j]);
                if (Lanes.Bits(expected) != Lanes.Bits(result[j]))
                    Assert.Fail($"{a[i + j]:R}·{b[i + j]:R} + {c[i + j]:R} is {result[j]:R}, expected {expected:R}");
            }
        }
    }
}
