using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>yᵢⱼ = xᵢⱼ/(λⱼ − λᵢ), and 0 on the diagonal: matrices […, n, n] divided by the gaps between eigenvalues […, n].</summary>
/// <remarks>
/// How eigenvectors turn. Where a gap is no more than what rounding leaves of one, 4n units in the last place of the largest eigenvalue, the eigenvectors have no derivative: an error,
/// unless xᵢⱼ is 0 and nothing is asked of it. With x and λ as arguments, dy = (dx − y∘(dλⱼ − dλᵢ)) over gaps.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class OverGaps<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private OverGaps()
    {
    }

    /// <summary>The operation.</summary>
    public static OverGaps<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "over-gaps";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Second | Residual.Output;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape x = Matrices.Square(inputs[0].Shape, Name), values = inputs[1].Shape;
        return values.Axes.SequenceEqual(x.Axes[..^1])
            ? x
            : throw new ArgumentException($"'{Name}' of matrices {x} with eigenvalues {values}; expected {Shape.Create(x.Axes[..^1])}.", nameof(values));
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        int n = output.Shape[-1];
        ReadOnlySpan<T> x = inputs[0].Dense(), all = inputs[1].Dense();
        Span<T> y = output.Dense();
        for (int index = 0; index < Matrices.Count(output.Shape); index++)
        {
            ReadOnlySpan<T> values = all.Slice(index * n, n);
            T largest = T.Zero;
            foreach (T value in values)
                largest = T.Abs(value) > largest ? T.Abs(value) : largest;
            T rounding = T.CreateTruncating(4 * n) * Matrices.Epsilon<T>() * largest;
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    int at = (index * n + i) * n + j;
                    T gap = values[j] - values[i];
                    if (i == j || x[at] == T.Zero)
                        y[at] = T.Zero;
                    else if (T.Abs(gap) <= rounding)
                        throw new ArgumentException($"The eigenvectors of matrix {index} have no derivative: its eigenvalues {i} and {j}, {values[i]} and {values[j]}, are equal to working precision; expected distinct ones, or a function of eigenvalues alone, by SymmetricEigenvalues.", "x");
                    else
                        y[at] = x[at] / gap;
                }
            }
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy)
    {
        if (input == 0)
            return Apply(dy, at.Input(1));
        Tensor<T> h = Apply(dy * at.Output, at.Input(1));
        return h.Sum([-1]) - h.Sum([-2]);
    }

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        Tensor<T>? moved = tangents[0];
        if (tangents[1] is { } d)
        {
            Tensor<T> turned = at.Output * (d.Unsqueeze(-2) - d.Unsqueeze(-1));
            moved = moved is null ? -turned : moved - turned;
        }
        return Apply(moved!, at.Input(1));
    }
}
