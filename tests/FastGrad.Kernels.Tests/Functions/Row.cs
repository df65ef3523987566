using System.Numerics;

namespace FastGrad.Kernels.Tests.Functions;

/// <summary>Where to draw inputs: evenly, or evenly in the logarithm of the magnitude (both ends of one sign).</summary>
public readonly record struct Range(double Low, double High, bool Logarithmic = false);

/// <summary>All that the tests know of one function or activation.</summary>
public sealed class Row
{
    public required string Name { get; init; }

    /// <summary>The operator's generic type.</summary>
    public required Type Operator { get; init; }

    public required Evaluator<float> Single { get; init; }

    public required Evaluator<double> Double { get; init; }

    public required Func<BigFloat, BigFloat> Value { get; init; }

    public required Func<BigFloat, BigFloat> Derivative { get; init; }

    /// <summary>The bounds that the doc comment states, in ulp.</summary>
    public required (double Float, double Double) Bound { get; init; }

    /// <summary>The derivative's bound in ulp of max(|f′|, <see cref="Floor"/>).</summary>
    public double DerivativeBound { get; init; } = 4;

    /// <summary>What derivatives are measured against where they are smaller.</summary>
    public double Floor { get; init; }

    /// <summary>What values at positive x are measured against where they are smaller: 0, but for ψ, near whose zero no bound in ulp holds.</summary>
    public double ValueFloor { get; init; }

    /// <summary>The same at negative x: for the gamma family, whose reflections cancel near the zeros.</summary>
    public double NegativeFloor { get; init; }

    public required Range[] Floats { get; init; }

    public required Range[] Doubles { get; init; }

    /// <summary>Where the method changes: sampled densely on both sides.</summary>
    public double[] Seams { get; init; } = [];

    /// <summary>f(−x) = −f(x), bit for bit.</summary>
    public bool Odd { get; init; }

    /// <summary>(x, f(x)), equal bit for bit after rounding to the type.</summary>
    public required (double X, double Y)[] Edges { get; init; }

    /// <summary>(x, f′(x)), likewise.</summary>
    public (double X, double Y)[] DerivativeEdges { get; init; } = [];

    public Evaluator<T> On<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (Evaluator<T>)(object)(typeof(T) == typeof(float) ? Single : Double);

    /// <summary>Inputs for accuracy: each range, the neighbourhood of the seams, small and denormal numbers.</summary>
    public T[] Inputs<T>(int perRange)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new List<T>();
        ulong state = 0x9E3779B97F4A7C15;
        foreach (Range range in typeof(T) == typeof(float) ? Floats : Doubles)
        {
            for (int i = 0; i < perRange; i++)
            {
                state = state * 6364136223846793005 + 1442695040888963407;
                double u = (i + (state >> 11) * (1.0 / (1ul << 53))) / perRange; // stratified
                double x = range.Logarithmic
                    ? Math.CopySign(Math.Exp((1 - u) * Math.Log(Math.Abs(range.Low)) + u * Math.Log(Math.Abs(range.High))), range.Low)
                    : (1 - u) * range.Low + u * range.High;
                values.Add(T.CreateTruncating(x));
            }
        }
        foreach (double seam in Seams)
        {
            T below = T.CreateTruncating(seam), above = below;
            if (T.IsZero(below) != (seam == 0))
                continue; // a seam of double alone
            for (int i = 0; i < 16; i++)
            {
                values.Add(below);
                values.Add(above);
                below = T.BitDecrement(below);
                above = T.BitIncrement(above);
            }
        }
        return [.. values.Where(T.IsFinite)];
    }

    /// <summary>The error of f(x) in ulp of max(|f(x)|, the floor).</summary>
    public double Error<T>(T value, double x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Error(value, Value(x), x < 0 ? NegativeFloor : ValueFloor);

    /// <summary>The error of f′(x) in ulp of max(|f′(x)|, the floor).</summary>
    public double DerivativeError<T>(T value, double x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Error(value, Derivative(x), Floor);

    private static double Error<T>(T value, BigFloat exact, double floor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => floor == 0 || !T.IsFinite(value) || !(exact.Abs() < floor)
            ? Ulp.Error(value, exact)
            : ((double.CreateTruncating(value) - exact).Abs() / Ulp.OneUlp<T>(floor)).ToDouble();

    public override string ToString() => Name;
}
