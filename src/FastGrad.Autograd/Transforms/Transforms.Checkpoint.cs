using System.Numerics;

namespace FastGrad.Autograd;

// Less memory for more time: segments that are computed again in the backward pass.
public static partial class Transforms
{
    /// <summary>The same function, of which only input and output are kept for backward: the rest is computed again there.</summary>
    /// <remarks>
    /// <para>
    /// Parameters that f closes over get their gradients as ever. Values and gradients have the same bits as without a checkpoint. What is not a
    /// function of the inputs (a random draw, running statistics) goes through <see cref="Recomputation.Once{TValue}"/>, as this library's layers do.
    /// </para>
    /// <para>Inside <see cref="Grad"/>, <see cref="Jvp{T}(Func{Tensor{T}, Tensor{T}}, Tensor{T}, Tensor{T})"/> and their kin it is f itself.</para>
    /// <para>Chen, Xu, Zhang, Guestrin 2016, "Training deep nets with sublinear memory cost".</para>
    /// </remarks>
    public static Func<Tensor<T>, Tensor<T>> Checkpoint<T>(Func<Tensor<T>, Tensor<T>> f)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(f);
        Func<Tensor<T>[], Tensor<T>> all = Checkpoint<T>(x => f(x[0]));
        return x => all([x]);
    }

    /// <inheritdoc cref="Checkpoint{T}(Func{Tensor{T}, Tensor{T}})"/>
    public static Func<Tensor<T>[], Tensor<T>> Checkpoint<T>(Func<Tensor<T>[], Tensor<T>> f)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(f);
        return x =>
        {
            ArgumentNullException.ThrowIfNull(x);
            foreach (Tensor<T> input in x)
                ArgumentNullException.ThrowIfNull(input, nameof(x));
            return new Checkpointed<T>(f).Run([.. x]);
        };
    }

    /// <summary>A chain of functions in checkpointed segments of nearly equal length. With √n segments, n layers keep about 2√n of their values.</summary>
    /// <param name="chain">The functions, applied in order.</param>
    /// <param name="segments">The number of segments, from 1 to the chain's length.</param>
    /// <exception cref="ArgumentException">The chain is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no segments, or more than functions.</exception>
    public static Func<Tensor<T>, Tensor<T>> Checkpoint<T>(IReadOnlyList<Func<Tensor<T>, Tensor<T>>> chain, int segments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(chain);
        if (chain.Count == 0)
            throw new ArgumentException("The chain has no functions; expected at least one.", nameof(chain));
        if (segments < 1 || segments > chain.Count)
            throw new ArgumentOutOfRangeException(nameof(segments), segments, $"{segments} segments of {chain.Count} functions; expected 1 to {chain.Count}.");
        var parts = new Func<Tensor<T>, Tensor<T>>[segments];
        for (int s = 0; s < segments; s++)
        {
            int first = (int)((long)chain.Count * s / segments), end = (int)((long)chain.Count * (s + 1) / segments);
            parts[s] = Checkpoint<T>(x =>
            {
                for (int i = first; i < end; i++)
                    x = chain[i](x);
                return x;
            });
        }
        return x =>
        {
            foreach (Func<Tensor<T>, Tensor<T>> part in parts)
                x = part(x);
            return x;
        };
    }
}
