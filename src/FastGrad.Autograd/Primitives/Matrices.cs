using System.Numerics;

namespace FastGrad.Autograd.Primitives;

/// <summary>A tensor seen as matrices in its last two axes, and what factorisations ask of them.</summary>
internal static class Matrices
{
    /// <summary>The number of matrices, also where they are empty.</summary>
    public static int Count(Shape shape)
    {
        int count = 1;
        foreach (int axis in shape.Axes[..^2])
            count *= axis;
        return count;
    }

    /// <summary>At least two axes.</summary>
    public static Shape Check(Shape shape, string operation) => shape.Rank >= 2
        ? shape
        : throw new ArgumentException($"'{operation}' of a tensor of shape {shape}; expected a matrix, or matrices in the last two axes.", "x");

    /// <summary>As many rows as columns.</summary>
    public static Shape Square(Shape shape, string operation) => Check(shape, operation)[-1] == shape[-2]
        ? shape
        : throw new ArgumentException($"'{operation}' of a tensor of shape {shape}; expected square matrices, not {shape[-2]} by {shape[-1]}.", "x");

    /// <summary>
    /// Symmetric, to half of the digits: what the rounding of a product or an inverse leaves passes, a forgotten transpose does not.
    /// </summary>
    public static void CheckSymmetric<T>(ReadOnlySpan<T> all, Shape shape, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = shape[-1];
        T tolerance = T.Sqrt(Epsilon<T>());
        for (int index = 0; index < Count(shape); index++)
        {
            ReadOnlySpan<T> a = all.Slice(index * n * n, n * n);
            T largest = T.Zero;
            foreach (T value in a)
                largest = T.Abs(value) > largest ? T.Abs(value) : largest;
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    if (T.Abs(a[i * n + j] - a[j * n + i]) > tolerance * largest)
                        throw new ArgumentException($"'{operation}': matrix {index} of shape {shape} is not symmetric: element [{i}, {j}] is {a[i * n + j]}, element [{j}, {i}] is {a[j * n + i]}; expected A = Aᵀ. (A + Aᵀ)/2 is its symmetric part.", "x");
                }
            }
        }
    }

    /// <summary>The distance from 1 to the next number.</summary>
    public static T Epsilon<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.BitIncrement(T.One) - T.One;

    /// <summary>(X + Xᵀ)/2.</summary>
    public static Tensor<T> SymmetricPart<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (x + x.TransposeLast()) * T.CreateTruncating(0.5);

    /// <summary>A vector for each matrix, as its diagonal; 0 elsewhere.</summary>
    public static Tensor<T> OnDiagonal<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new DiagonalEmbed<T>(Shape.Create([.. x.Shape.Axes, x.Shape[-1]]), 0, -2, -1).Apply(x);
}
