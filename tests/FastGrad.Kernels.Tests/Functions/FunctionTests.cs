using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;
using Xunit;

namespace FastGrad.Kernels.Tests.Functions;

/// <summary>What every function and activation owes, for each row of the <see cref="Catalogue"/>.</summary>
public sealed class FunctionTests
{
    private const int PerRange = 400;

    public static IEnumerable<object[]> Names => Catalogue.Names;

    [Fact]
    public void EveryFunctionAndActivationHasARow()
    {
        IEnumerable<Type> operators = typeof(Exp<>).Assembly.GetTypes().Where(type =>
            type is { IsValueType: true, Namespace: "FastGrad.Kernels.Functions" or "FastGrad.Kernels.Activations" }
            && type.GetInterfaces().Any(i => i.Name is "IUnaryOperator`1"));
        Assert.Equal(
            operators.Select(type => type.Name).Order(),
            Catalogue.Rows.Select(row => row.Operator.Name).Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ValuesAreWithinTheStatedBound(string name)
    {
        Row row = Catalogue.Get(name);
        Assert.True(row.Bound.Float <= 4 && row.Bound.Double <= 4);
        Within<float>(row, row.Bound.Float);
        Within<double>(row, row.Bound.Double);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void DerivativesAreWithinTheStatedBound(string name)
    {
        Row row = Catalogue.Get(name);
        DerivativesWithin<float>(row);
        DerivativesWithin<double>(row);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ReferenceDerivativeIsTheSlopeOfTheReference(string name)
    {
        Row row = Catalogue.Get(name);
        BigFloat h = ((BigFloat)1).ScaleB(-60);
        foreach (double x in row.Inputs<float>(8).Select(x => (double)x).Where(x => Math.Abs(x) is > 1e-3 and < 50))
        {
            BigFloat step = h * Math.Min(1, Math.Abs(x));
            BigFloat slope = (row.Value(x + step) - row.Value(x - step)) / (2 * step);
            BigFloat derivative = row.Derivative(x);
            BigFloat scale = derivative.Abs() + 1E-6 * row.Value(x).Abs() + 1e-300;
            Assert.True((slope - derivative).Abs() < scale * 1e-25, $"{name}′({x:R}) = {derivative}, slope {slope}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EdgesAreExact(string name)
    {
        Row row = Catalogue.Get(name);
        EdgesOf<float>(row);
        EdgesOf<double>(row);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OddFunctionsKeepTheSign(string name)
    {
        Row row = Catalogue.Get(name);
        if (!row.Odd)
            return;
        foreach (double x in row.Inputs<double>(50))
            Same(-row.Double.Value(x), row.Double.Value(-x), $"{name}({-x:R})");
        foreach (float x in row.Inputs<float>(50))
            Same(-row.Single.Value(x), row.Single.Value(-x), $"{name}({-x:R})");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryLengthGivesTheBitsOfOneLane(string name)
    {
        Row row = Catalogue.Get(name);
        Lengths<float>(row);
        Lengths<double>(row);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryWidthGivesTheBitsOfOneLane(string name)
    {
        Row row = Catalogue.Get(name);
        Widths<float>(row);
        Widths<double>(row);
    }

    private static void Within<T>(Row row, double bound)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = row.Inputs<T>(PerRange), y = new T[x.Length];
        row.On<T>().Values(x, y);
        for (int i = 0; i < x.Length; i++)
        {
            double error = row.Error(y[i], double.CreateTruncating(x[i]));
            Assert.True(error <= bound, $"{row.Name}<{typeof(T).Name}>({x[i]:R}) = {y[i]:R}: {error:F3} ulp from {row.Value(double.CreateTruncating(x[i]))}, allowed {bound}");
        }
    }

    private static void DerivativesWithin<T>(Row row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = [.. row.Inputs<T>(PerRange / 2).Where(x => !T.IsZero(x))], d = new T[x.Length];
        row.On<T>().Derivatives(x, d);
        for (int i = 0; i < x.Length; i++)
        {
            if (T.IsInfinity(d[i]))
                continue; // Ulp.Error of values says when overflow is right; here denormal arguments of 1/x
            BigFloat exact = row.Derivative(double.CreateTruncating(x[i]));
            BigFloat scale = exact.Abs() < row.Floor ? row.Floor : exact;
            double error = ((double.CreateTruncating(d[i]) - exact) / Ulp.OneUlp<T>(scale)).Abs().ToDouble();
            Assert.True(
                error <= row.DerivativeBound,
                $"{row.Name}′<{typeof(T).Name}>({x[i]:R}) = {d[i]:R}: {error:F3} ulp of {scale} from {exact}, allowed {row.DerivativeBound}");
        }
    }

    private static void EdgesOf<T>(Row row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach ((double x, double y) in row.Edges)
        {
            // A double's smallest number stands for the type's own.
            T input = Math.Abs(x) == double.Epsilon ? T.CopySign(T.Epsilon, T.CreateTruncating(x)) : T.CreateTruncating(x);
            T expected = Math.Abs(y) == double.Epsilon ? T.CopySign(T.Epsilon, T.CreateTruncating(y)) : T.CreateTruncating(y);
            Same(expected, row.On<T>().Value(input), $"{row.Name}<{typeof(T).Name}>({x:R})");
        }
        foreach ((double x, double y) in row.DerivativeEdges)
            Same(T.CreateTruncating(y), row.On<T>().Derivative(T.CreateTruncating(x)), $"{row.Name}′<{typeof(T).Name}>({x:R})");
    }

    private static void Lengths<T>(Row row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Evaluator<T> evaluator = row.On<T>();
        T[] all = [.. Specials<T>(), .. row.Inputs<T>(16)];
        int width = Isa.Best switch
        {
            InstructionSet.Vector512 => Simd512<T>.Count,
            InstructionSet.Vector256 => Simd256<T>.Count,
            InstructionSet.Vector128 => Simd128<T>.Count,
            _ => 1,
        };
        for (int length = 0; length <= 4 * width + 1; length++)
        {
            T[] x = [.. Enumerable.Range(0, length).Select(i => all[(i + 7 * length) % all.Length])];
            T[] y = new T[length], d = new T[length];
            evaluator.Values(x, y);
            evaluator.Derivatives(x, d);
            for (int i = 0; i < length; i++)
            {
                Same(evaluator.Value(x[i]), y[i], $"{row.Name}<{typeof(T).Name}>({x[i]:R}), element {i} of {length}");
                Same(evaluator.Derivative(x[i]), d[i], $"{row.Name}′<{typeof(T).Name}>({x[i]:R}), element {i} of {length}");
            }
        }
    }

    private static void Widths<T>(Row row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = [.. Specials<T>(), .. row.Inputs<T>(24)];
        x = x[..(x.Length & ~15)];
        foreach (int bits in new[] { 128, 256, 512 })
        {
            T[] y = row.On<T>().On(bits, x);
            for (int i = 0; i < x.Length; i++)
                Same(row.On<T>().Value(x[i]), y[i], $"{row.Name}<{typeof(T).Name}>({x[i]:R}) on {bits} bits");
        }
    }

    private static T[] Specials<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        T.Zero, T.NegativeZero, T.One, -T.One, T.Epsilon, -T.Epsilon, T.PositiveInfinity, T.NegativeInfinity, T.NaN,
        T.BitDecrement(T.PositiveInfinity), T.BitIncrement(T.NegativeInfinity), T.BitDecrement(T.One), T.BitIncrement(T.One),
    ];

    /// <summary>Equal bits; all NaNs are one.</summary>
    private static void Same<T>(T expected, T actual, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool same = T.IsNaN(expected) ? T.IsNaN(actual) : expected == actual && T.IsNegative(expected) == T.IsNegative(actual);
        Assert.True(same, $"{what} is {actual:R}, expected {expected:R}");
    }
}
