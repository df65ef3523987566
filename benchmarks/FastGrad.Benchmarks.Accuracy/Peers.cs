using System.Numerics;
using System.Numerics.Tensors;

namespace FastGrad.Benchmarks.Accuracy;

/// <summary>The functions of TensorPrimitives and of the platform (Math, MathF), by the names of the catalogue.</summary>
internal static class Peers<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Both, where they have the function.</summary>
    public static IEnumerable<(string Name, SpanFunction<T> Function)> Of(string function)
    {
        if (Vectors(function) is { } vectors)
            yield return ("TensorPrimitives", vectors);
        if (Scalar(function) is { } scalar)
            yield return ("platform", (x, y) =>
            {
                for (int i = 0; i < x.Length; i++)
                    y[i] = scalar(x[i]);
            }
            );
    }

    private static SpanFunction<T>? Vectors(string function) => function switch
    {
        "exp" => TensorPrimitives.Exp,
        "expm1" => TensorPrimitives.ExpM1,
        "log" => TensorPrimitives.Log,
        "log1p" => TensorPrimitives.LogP1,
        "tanh" => TensorPrimitives.Tanh,
        "sigmoid" => TensorPrimitives.Sigmoid,
        "sqrt" => TensorPrimitives.Sqrt,
        "rsqrt" => TensorPrimitives.ReciprocalSqrt,
        "sin" => TensorPrimitives.Sin,
        "cos" => TensorPrimitives.Cos,
        "tan" => TensorPrimitives.Tan,
        "exp2" => TensorPrimitives.Exp2,
        "log2" => TensorPrimitives.Log2,
        "log10" => TensorPrimitives.Log10,
        "cbrt" => TensorPrimitives.Cbrt,
        "asin" => TensorPrimitives.Asin,
        "acos" => TensorPrimitives.Acos,
        "atan" => TensorPrimitives.Atan,
        "sinh" => TensorPrimitives.Sinh,
        "cosh" => TensorPrimitives.Cosh,
        "asinh" => TensorPrimitives.Asinh,
        "acosh" => TensorPrimitives.Acosh,
        "atanh" => TensorPrimitives.Atanh,
        _ => null,
    };

    private static Func<T, T>? Scalar(string function) => function switch
    {
        "exp" => T.Exp,
        "expm1" => T.ExpM1,
        "log" => T.Log,
        "log1p" => T.LogP1,
        "tanh" => T.Tanh,
        "sqrt" => T.Sqrt,
        "sin" => T.Sin,
        "cos" => T.Cos,
        "tan" => T.Tan,
        "exp2" => T.Exp2,
        "log2" => Logarithm2<T>,
        "log10" => T.Log10,
        "cbrt" => T.Cbrt,
        "asin" => T.Asin,
        "acos" => T.Acos,
        "atan" => T.Atan,
        "sinh" => T.Sinh,
        "cosh" => T.Cosh,
        "asinh" => T.Asinh,
        "acosh" => T.Acosh,
        "atanh" => T.Atanh,
        _ => null,
    };

    // Two of T's interfaces declare it.
    private static TNumber Logarithm2<TNumber>(TNumber x)
        where TNumber : ILogarithmicFunctions<TNumber> => TNumber.Log2(x);
}
