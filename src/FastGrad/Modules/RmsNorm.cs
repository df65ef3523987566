using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>Root-mean-square normalization over the last axes: y = x/√(Σx²/n + ε)·w. Zhang, Sennrich 2019, <see href="https://arxiv.org/abs/1910.07467"/>.</summary>
/// <remarks>Parameter <c>weight</c> (ones at first) in the shape of the normalized axes. As torch.nn.RMSNorm.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class RmsNorm<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double? _epsilon;
    private readonly Parameter<T>? _weight;

    /// <summary>A root-mean-square normalization.</summary>
    /// <param name="shape">The lengths of the last axes, which are normalized together.</param>
    /// <param name="epsilon">ε, above 0; null for the element type's machine epsilon.</param>
    /// <param name="affine">Whether there is a weight.</param>
    /// <exception cref="ArgumentException">The shape has no axis, or an empty one.</exception>
    /// <exception cref="ArgumentOutOfRangeException">ε is not above 0.</exception>
    public RmsNorm(Shape shape, double? epsilon = null, bool affine = true)
    {
        NormArguments.Check(shape, epsilon ?? 1);
        (NormalizedShape, _epsilon) = (shape, epsilon);
        if (affine)
            _weight = Declare("weight", shape, ParameterRole.Norm, Initializers.Constant(T.One));
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
        NormArguments.CheckEnd(x.Shape, NormalizedShape, "RMS norm");
        return x.RmsNorm(_weight?.Tensor, NormalizedShape.Rank, _epsilon);
    }
}
