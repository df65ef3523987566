using System.Numerics;
using System.Runtime.Intrinsics;
using FastGrad.Kernels.Simd;
using Xunit;

namespace FastGrad.Kernels.Tests.Simd;

/// <summary>Every operation of every width gives, lane by lane, the bits of one lane; and one lane those of the .NET operator.</summary>
public sealed class WidthTests
{
    [Fact]
    public void Floats128() => Compare<Simd128<float>, float>();

    [Fact]
    public void Doubles128() => Compare<Simd128<double>, double>();

    [Fact]
    public void Floats256() => Compare<Simd256<float>, float>();

    [Fact]
    public void Doubles256() => Compare<Simd256<double>, double>();

    [Fact]
    public void Floats512() => Compare<Simd512<float>, float>();

    [Fact]
    public void Doubles512() => Compare<Simd512<double>, double>();

    [Fact]
    public void CountsAreTheWidths()
    {
        Assert.Equal((1, 4, 8, 16), (Lane<float>.Count, Simd128<float>.Count, Simd256<float>.Count, Simd512<float>.Count));
        Assert.Equal((1, 2, 4, 8), (Lane<double>.Count, Simd128<double>.Count, Simd256<double>.Count, Simd512<double>.Count));
    }

    [Fact]
    public void TheLadderNamesTheWidestHardware()
    {
        InstructionSet expected = Vector512.IsHardwareAccelerated ? InstructionSet.Vector512
            : Vector256.IsHardwareAccelerated && System.Runtime.Intrinsics.X86.Fma.IsSupported ? InstructionSet.Vector256
            : Vector128.IsHardwareAccelerated ? InstructionSet.Vector128
            : InstructionSet.Scalar;
        Assert.Equal(expected, Isa.Best);
        Assert.Equal(expected == InstructionSet.Vector512, Isa.Name == "avx512");
    }

    [Fact]
    public void OneLaneIsTheDotNetOperator()
    {
        double[] specials = Lanes.Specials<double>();
        foreach (double a in specials)
        {
            foreach (double b in specials)
            {
                Lane<double> x = new(a), y = new(b);
                Equal(a + b, x + y);
                Equal(a - b, x - y);
                Equal(a * b, x * y);
                Equal(a / b, x / y);
                Equal(Math.CopySign(a, b), Lane<double>.CopySign(x, y));
                Equal(a > b ? a : b, Lane<double>.Max(x, y));
                Equal(a < b ? a : b, Lane<double>.Min(x, y));
                Equal(Math.FusedMultiplyAdd(a, b, 0.3), Lane<double>.FusedMultiplyAdd(x, y, new(0.3)));
                Assert.Equal(a > b, Lane<double>.Any(Lane<double>.GreaterThan(x, y)));
                Assert.Equal(a >= b, Lane<double>.Any(Lane<double>.GreaterThanOrEqual(x, y)));
                Assert.Equal(a == b, Lane<double>.Any(Lane<double>.Equal(x, y)));
                Assert.Equal(a < b, Lane<double>.Any(LessThan<Lane<double>>(x, y)));
            }
            Equal(-a, -new Lane<double>(a));
            Equal(Math.Sqrt(a), Lane<double>.Sqrt(new(a)));
            Equal(Math.Abs(a), Lane<double>.Abs(new(a)));
            Equal(Math.Round(a, MidpointRounding.ToEven), Lane<double>.Round(new(a)));
            Equal(Math.Floor(a), Lane<double>.Floor(new(a)));
            Equal(Math.Ceiling(a), Lane<double>.Ceiling(new(a)));
            Equal(Math.Truncate(a), Lane<double>.Truncate(new(a)));
        }

        static void Equal(double expected, Lane<double> actual) => Assert.Equal(Lanes.Bits(expected), Lanes.Bits(actual.Value));
        static V LessThan<V>(V a, V b)
            where V : struct, IArithmetic<V, double> => V.LessThan(a, b);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(1.9999999)]
    [InlineData(-1.3)]
    public void ScalingByAPowerRoundsOnce(double x)
    {
        for (int n = -1100; n <= 1100; n++)
            Assert.Equal(Math.ScaleB(x, n), Lane<double>.ScaleB(new(x), new(n)).Value);
        float single = (float)x;
        for (int n = -200; n <= 200; n++)
            Assert.Equal(MathF.ScaleB(single, n), Lane<float>.ScaleB(new(single), new(n)).Value);
    }

    private static void Compare<V, T>()
        where V : struct, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] specials = Lanes.Specials<T>();
        // All pairs of specials, then patterns, filled up to whole vectors.
        var a = new List<T>();
        var b = new List<T>();
        foreach (T x in specials)
        {
            foreach (T y in specials)
            {
                a.Add(x);
                b.Add(y);
            }
        }
        int total = (a.Count + 2000) & ~15;
        b.AddRange(Lanes.Patterns<T>(total - b.Count, 1));
        a.AddRange(Lanes.Patterns<T>(total - a.Count, 2));
        T[] c = Lanes.Patterns<T>(total, 3);

        Check<V, T>("+", [.. a], [.. b], c, (x, y, z) => x + y, (x, y, z) => x + y);
        Check<V, T>("−", [.. a], [.. b], c, (x, y, z) => x - y, (x, y, z) => x - y);
        Check<V, T>("×", [.. a], [.. b], c, (x, y, z) => x * y, (x, y, z) => x * y);
        Check<V, T>("÷", [.. a], [.. b], c, (x, y, z) => x / y, (x, y, z) => x / y);
        Check<V, T>("negate", [.. a], [.. b], c, (x, y, z) => -x, (x, y, z) => -x, exact: true);
        Check<V, T>("fma", [.. a], [.. b], c, V.FusedMultiplyAdd, Lane<T>.FusedMultiplyAdd);
        Check<V, T>("sqrt", [.. a], [.. b], c, (x, y, z) => V.Sqrt(x), (x, y, z) => Lane<T>.Sqrt(x));
        Check<V, T>("abs", [.. a], [.. b], c, (x, y, z) => V.Abs(x), (x, y, z) => Lane<T>.Abs(x), exact: true);
        Check<V, T>("min", [.. a], [.. b], c, (x, y, z) => V.Min(x, y), (x, y, z) => Lane<T>.Min(x, y));
        Check<V, T>("max", [.. a], [.. b], c, (x, y, z) => V.Max(x, y), (x, y, z) => Lane<T>.Max(x, y));
        Check<V, T>("round", [.. a], [.. b], c, (x, y, z) => V.Round(x), (x, y, z) => Lane<T>.Round(x));
        Check<V, T>("floor", [.. a], [.. b], c, (x, y, z) => V.Floor(x), (x, y, z) => Lane<T>.Floor(x));
        Check<V, T>("ceiling", [.. a], [.. b], c, (x, y, z) => V.Ceiling(x), (x, y, z) => Lane<T>.Ceiling(x));
        Check<V, T>("truncate", [.. a], [.. b], c, (x, y, z) => V.Truncate(x), (x, y, z) => Lane<T>.Truncate(x));
        Check<V, T>("copy sign", [.. a], [.. b], c, (x, y, z) => V.CopySign(x, y), (x, y, z) => Lane<T>.CopySign(x, y));
        Check<V, T>("and", [.. a], [.. b], c, (x, y, z) => V.BitAnd(x, y), (x, y, z) => Lane<T>.BitAnd(x, y), exact: true);
        Check<V, T>("or", [.. a], [.. b], c, (x, y, z) => V.BitOr(x, y), (x, y, z) => Lane<T>.BitOr(x, y), exact: true);
        Check<V, T>("xor", [.. a], [.. b], c, (x, y, z) => V.BitXor(x, y), (x, y, z) => Lane<T>.BitXor(x, y), exact: true);
        Check<V, T>(">", [.. a], [.. b], c, (x, y, z) => V.GreaterThan(x, y), (x, y, z) => Lane<T>.GreaterThan(x, y), exact: true);
        Check<V, T>("≥", [.. a], [.. b], c, (x, y, z) => V.GreaterThanOrEqual(x, y), (x, y, z) => Lane<T>.GreaterThanOrEqual(x, y), exact: true);
        Check<V, T>("=", [.. a], [.. b], c, (x, y, z) => V.Equal(x, y), (x, y, z) => Lane<T>.Equal(x, y), exact: true);
        Check<V, T>("<", [.. a], [.. b], c, (x, y, z) => V.LessThan(x, y), (x, y, z) => Less<Lane<T>, T>(x, y), exact: true);
        Check<V, T>(
            "select",
            [.. a],
            [.. b],
            c,
            (x, y, z) => V.Select(V.And(V.GreaterThan(x, y), V.Not(V.Or(V.Equal(x, z), V.GreaterThan(z, x)))), y, z),
            (x, y, z) => Lane<T>.Any(Lane<T>.GreaterThan(x, y)) && !Lane<T>.Any(Lane<T>.Equal(x, z)) && !Lane<T>.Any(Lane<T>.GreaterThan(z, x)) ? y : z,
            exact: true);

        // Format operations within their stated ranges.
        int reach = typeof(T) == typeof(float) ? 126 : 1022, scale = typeof(T) == typeof(float) ? 250 : 2000;
        T[] powers = [.. Enumerable.Range(0, 2 * reach + 1 & ~15).Select(i => T.CreateTruncating(i - reach))];
        Check<V, T>("2ⁿ", powers, powers, powers, (x, y, z) => V.PowerOfTwo(x), (x, y, z) => Lane<T>.PowerOfTwo(x));
        T[] steps = [.. Enumerable.Range(0, 2 * scale + 1 & ~15).Select(i => T.CreateTruncating(i - scale))];
        T[] mantissas = [.. steps.Select((_, i) => T.CreateTruncating((i % 2 == 0 ? 1 : -1) * (0.25 + 3.75 * ((i * 0.6180339887498949) % 1))))];
        Check<V, T>("scale", mantissas, steps, steps, (x, y, z) => V.ScaleB(x, y), (x, y, z) => Lane<T>.ScaleB(x, y));
        T[] normals = [.. Lanes.Patterns<T>(4000, 4).Select(T.Abs).Where(T.IsNormal)];
        normals = normals[..(normals.Length & ~15)];
        Check<V, T>("exponent", normals, normals, normals, (x, y, z) => V.Exponent(x), (x, y, z) => new(T.CreateTruncating(T.ILogB(x.Value))));
        Check<V, T>("mantissa", normals, normals, normals, (x, y, z) => V.Mantissa(x), (x, y, z) => Lane<T>.Mantissa(x));
    }

    private static V Less<V, T>(V x, V y)
        where V : struct, IArithmetic<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.LessThan(x, y);

    private static void Check<V, T>(string name, T[] a, T[] b, T[] c, Func<V, V, V, V> vector, Func<Lane<T>, Lane<T>, Lane<T>, Lane<T>> lane, bool exact = false)
        where V : struct, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] lanes = new T[V.Count];
        for (int i = 0; i + V.Count <= a.Length; i += V.Count)
        {
            V.Store(vector(V.Load(in a[0], (nuint)i), V.Load(in b[0], (nuint)i), V.Load(in c[0], (nuint)i)), ref lanes[0], 0);
            bool any = false;
            for (int j = 0; j < V.Count; j++)
            {
                T expected = lane(new(a[i + j]), new(b[i + j]), new(c[i + j])).Value;
                any |= Lanes.Bits(lanes[j], exact: true) != 0;
                Assert.True(
                    Lanes.Bits(expected, exact) == Lanes.Bits(lanes[j], exact),
                    $"{typeof(V).Name} {name} of {a[i + j]:R}, {b[i + j]:R}, {c[i + j]:R} is {lanes[j]:R}, one lane gives {expected:R}");
            }
            Assert.Equal(any, V.Any(V.Load(in lanes[0], 0)));
        }
    }
}
