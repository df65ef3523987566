using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>Layer normalization over the last axes: y = (x − μ)/√(σ² + ε)·w + b. Ba, Kiros, Hinton 2016, <see href="https://arxiv.org/abs/1607.06450"/>.</summary>
/// <remarks>Parameters <c>weight</c> (ones at first) and <c>bias</c> (zeros) in the shape of the normalized axes. As torch.nn.LayerNorm.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LayerNorm<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _epsilon;
    private readonly Parameter<T>? _weight, _bias;

    /// <summary>A layer normalization.</summary>
    /// <param name="shape">The lengths of the last axes, which are normalized together.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="affine">Whether there is a weight.</param>
    /// <param name="bias">Whether there is a bias beside the weight.</param>
    /// <exception cref="ArgumentException">The shape has no axis, or an empty one.</exception>
    /// <exception cref="ArgumentOutOfRangeException">ε is not above 0.</exception>
    public LayerNorm(Shape shape, double epsilon = 1e-5, bool affine = true, bool bias = true)
    {
        NormArguments.Check(shape, epsilon);
        (NormalizedShape, _epsilon) = (shape, epsilon);
        if (affine)
            _weight = Declare("weight", shape, ParameterRole.Norm, Initializers.Constant(T.One));
        if (affine && bias)
            _bias = Declare("bias", shape, ParameterRole.Norm, Initializers.Zeros<T>());
    }

    /// <summary>The lengths of the axes that are normalized together.</summary>
    public Shape NormalizedShape { get; }

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    internal override string Attributes => string.Create(CultureInfo.InvariantCulture, $"({NormalizedShape}, {_epsilon})");

    /// <summary>The normalized rows, in the input's shape.</summary>
    /// <exception cref="ArgumentException">The input does not end in the normalized axes.</exception>
    /// <exception cref="InvalidOperationException">The weight has no values yet.</exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        NormArguments.CheckEnd(x.Shape, NormalizedShape, "Layer norm");
        return x.LayerNorm(_weight?.Tensor, _bias?.Tensor, NormalizedShape.Rank, _epsilon);
    }
}

/// <summary>The checks of norms.</summary>
internal static class NormArguments
{
    public static void Check(Shape shape, double epsilon)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        if (shape.Rank == 0 || shape.Length == 0)
            throw new ArgumentException($"A norm over axes of lengths {shape}; expected at least one axis, and none of them empty.", nameof(shape));
    }

    public static void CheckEnd(Shape x, Shape end, string norm)
    {
        if (x.Rank < end.Rank || !x.Axes[^end.Rank..].SequenceEqual(end.Axes))
            throw new ArgumentException($"{norm} over {end} got an input of shape {x}; expected [..., {string.Join(", ", end.Axes.ToArray())}].", nameof(x));
    }
}
