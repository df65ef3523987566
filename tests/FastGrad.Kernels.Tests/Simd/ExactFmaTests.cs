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

    /// <summary>c close to −a·b, or far smaller or larger: cancellation, and sums that lie next to a tie of binary32.</summary>
    [Fact]
    public void CancellationTiesAndDenormals()
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
                1 => (float)(product * Math.ScaleB(1, 20 + (int)(Next() % 35))), // the product decides a tie of c
                2 => (float)(product * Math.ScaleB(1, -(int)(Next() % 60))),     // c decides a tie of the product
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
            if (i % 16 == 11) // a tie of binary32, moved by the last bit of the product
            {
                a[i] = 1 + 1.1920929e-7f * (Next() % 4);
                b[i] = 1 + 1.1920929e-7f * (Next() % 4);
                c[i] = (float)Math.ScaleB(1 + 1.1920929e-7 * (Next() % 4), 24 + (int)(Next() % 26)) * (Next() % 2 == 0 ? 1 : -1);
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
