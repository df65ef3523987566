using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>Normalization: of rows, of channels over a batch, of groups of channels.</summary>
public static class TensorNorms
{
    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Layer normalization over the last axes: (x − μ)/√(σ² + ε)·w + b, with the biased variance.</summary>
        /// <param name="weight">w, in the shape of the normalized axes; null for 1.</param>
        /// <param name="bias">b, likewise; null for 0.</param>
        /// <param name="axes">How many axes from the last on are normalized together.</param>
        /// <param name="epsilon">ε.</param>
        /// <exception cref="ArgumentException">A shape does not fit, or there is a bias without a weight.</exception>
        public Tensor<T> LayerNorm(Tensor<T>? weight = null, Tensor<T>? bias = null, int axes = 1, double epsilon = 1e-5) =>
            Apply(new LayerNorm<T>(axes, T.CreateTruncating(epsilon)), [x], weight, bias);

        /// <summary>Root-mean-square normalization over the last axes: x/√(Σx²/n + ε)·w.</summary>
        /// <param name="weight">w, in the shape of the normalized axes; null for 1.</param>
        /// <param name="axes">How many axes from the last on are normalized together.</param>
        /// <param name="epsilon">ε; null for the machine's: 2⁻²³ in float, 2⁻⁵² in double, as torch.</param>
        /// <exception cref="ArgumentException">A shape does not fit.</exception>
        public Tensor<T> RmsNorm(Tensor<T>? weight = null, int axes = 1, double? epsilon = null)
        {
            T machine = typeof(T) == typeof(float) ? T.CreateTruncating(1.1920928955078125e-07) : T.CreateTruncating(2.220446049250313e-16);
            RmsNorm<T> norm = new(axes, epsilon is { } e ? T.CreateTruncating(e) : machine);
            return weight is null ? norm.Apply(x) : norm.Apply(x, weight);
        }

        /// <summary>Batch normalization of [N, C, …] with the batch's own statistics: (x − μ)/√(σ² + ε)·w + b for each channel.</summary>
        /// <param name="weight">w, one for each channel; null for 1.</param>
        /// <param name="bias">b, one for each channel; null for 0.</param>
        /// <param name="mean">μ of each channel, a constant.</param>
        /// <param name="variance">σ² of each channel, biased, a constant.</param>
        /// <param name="epsilon">ε.</param>
        /// <exception cref="ArgumentException">A shape does not fit, or there is a bias without a weight.</exception>
        public Tensor<T> BatchNorm(Tensor<T>? weight, Tensor<T>? bias, out Tensor<T> mean, out Tensor<T> variance, double epsilon = 1e-5)
        {
            using (new NoGrad())
            {
                Tensor<T> moments = BatchMoments<T>.Instance.Apply(x);
                (mean, variance) = (moments.Select(0, 0), moments.Select(0, 1));
            }
            return Apply(new BatchNorm<T>(T.CreateTruncating(epsilon), isBatch: true), [x, mean, variance], weight, bias);
        }

        /// <summary>Batch normalization of [N, C, …] with given statistics: (x − μ)/√(σ² + ε)·w + b for each channel.</summary>
        /// <param name="mean">μ of each channel.</param>
        /// <param name="variance">σ² of each channel.</param>
        /// <param name="weight">w, one for each channel; null for 1.</param>
        /// <param name="bias">b, one for each channel; null for 0.</param>
        /// <param name="epsilon">ε.</param>
        /// <exception cref="ArgumentException">A shape does not fit, or there is a bias without a weight.</exception>
        public Tensor<T> BatchNorm(Tensor<T> mean, Tensor<T> variance, Tensor<T>? weight = null, Tensor<T>? bias = null, double epsilon = 1e-5) =>
            Apply(new BatchNorm<T>(T.CreateTruncating(epsilon), isBatch: false), [x, mean, variance], weight, bias);

        /// <summary>Group normalization of [N, C, …]: each example's groups of channels by their own statistics, then ·w + b for each channel.</summary>
        /// <param name="groups">The number of groups.</param>
        /// <param name="weight">w, one for each channel; null for 1.</param>
        /// <param name="bias">b, one for each channel; null for 0.</param>
        /// <param name="epsilon">ε.</param>
        /// <exception cref="ArgumentException">A shape does not fit, the groups do not divide the channels, or there is a bias without a weight.</exception>
        public Tensor<T> GroupNorm(int groups, Tensor<T>? weight = null, Tensor<T>? bias = null, double epsilon = 1e-5) =>
            Apply(new GroupNorm<T>(groups, T.CreateTruncating(epsilon)), [x], weight, bias);

        /// <summary>Instance normalization of [N, C, …]: each channel of each example by its own statistics, then ·w + b for each channel.</summary>
        /// <param name="weight">w, one for each channel; null for 1.</param>
        /// <param name="bias">b, one for each channel; null for 0.</param>
        /// <param name="epsilon">ε.</param>
        /// <exception cref="ArgumentException">A shape does not fit, or there is a bias without a weight.</exception>
        public Tensor<T> InstanceNorm(Tensor<T>? weight = null, Tensor<T>? bias = null, double epsilon = 1e-5)
        {
            ChannelAxes.Check(x.Shape, "instance-norm");
            return x.GroupNorm(x.Shape[1], weight, bias, epsilon);
        }
    }

    private static Tensor<T> Apply<T>(Primitive<T> norm, ReadOnlySpan<Tensor<T>> inputs, Tensor<T>? weight, Tensor<T>? bias)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (weight, bias) switch
        {
            (null, null) => norm.Apply(inputs),
            (not null, null) => norm.Apply([.. inputs, weight]),
            (not null, not null) => norm.Apply([.. inputs, weight, bias]),
            _ => throw new ArgumentException($"'{norm.Name}' with a bias, but without a weight; expected both, a weight alone, or neither.", nameof(bias)),
        };
}
