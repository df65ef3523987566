using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Losses;

/// <summary>Checks of criteria that compare several tensors.</summary>
internal static class Pairs
{
    /// <summary>Vectors in rows, and one target for each row.</summary>
    public static void Check<T>(string criterion, Tensor<T> first, Tensor<T> second, Tensor<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckSame(criterion, first, second, nameof(second));
        ArgumentNullException.ThrowIfNull(target);
        if (first.Rank == 0 || target.Shape != Shape.Create(first.Shape.Axes[..^1]))
            throw new ArgumentException($"{criterion}: the target has shape {target.Shape} for vectors of shape {first.Shape}; expected one number for each vector.", nameof(target));
    }

    /// <summary>Two tensors of one shape: broadcasting would compare what does not belong together.</summary>
    public static void CheckSame<T>(string criterion, Tensor<T> first, Tensor<T> other, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(other, name);
        if (other.Shape != first.Shape)
            throw new ArgumentException($"{criterion}: {name} has shape {other.Shape}; expected {first.Shape}, as the first argument.", name);
    }
}
