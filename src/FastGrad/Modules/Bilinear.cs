using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>yₖ = x₁ᵀ·Aₖ·x₂ + bₖ: x₁ […, in₁], x₂ […, in₂], y […, out]. As torch.nn.Bilinear.</summary>
/// <remarks>Parameters: <c>weight</c> [out, in₁, in₂] and, unless left out, <c>bias</c> [out]. Both are uniform on ±1/√in₁.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Bilinear<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Parameter<T> _weight;
    private readonly Parameter<T>? _bias;

    /// <summary>A bilinear map.</summary>
    /// <param name="first">in₁, at least 1.</param>
    /// <param name="second">in₂, at least 1.</param>
    /// <param name="outputs">out, at least 1.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public Bilinear(int first, int second, int outputs, bool bias = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(second, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        (First, Second, Outputs) = (first, second, outputs);
        T bound = T.CreateTruncating(1 / Math.Sqrt(first));
        IInitializer<T> uniform = Initializers.Uniform(-bound, bound);
        _weight = Declare("weight", [outputs, first, second], ParameterRole.Weight, uniform);
        if (bias)
            _bias = Declare("bias", [outputs], ParameterRole.Bias, uniform);
    }

    /// <summary>The elements of x₁.</summary>
    public int First { get; }

    /// <summary>The elements of x₂.</summary>
    public int Second { get; }

    /// <summary>The number of outputs.</summary>
    public int Outputs { get; }

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    internal override string Attributes => string.Create(CultureInfo.InvariantCulture, $"({First}, {Second}, {Outputs})");

    /// <summary>The map of x₁ and x₂ side by side in the last axis […, in₁ + in₂], so that it stands in a sequence.</summary>
    /// <exception cref="ArgumentException">The last axis has another length.</exception>
    /// <exception cref="InvalidOperationException">A parameter has no values yet.</exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Rank >= 1 && x.Shape[-1] == First + Second
            ? Forward(x.Slice(-1, 0, First), x.Slice(-1, First, Second))
            : throw new ArgumentException($"A bilinear map of {First} and {Second} elements got shape {x.Shape}; expected both side by side, [..., {First + Second}], or two arguments.", nameof(x));
    }

    /// <summary>The map.</summary>
    /// <param name="x1">x₁ […, in₁].</param>
    /// <param name="x2">x₂ […, in₂], with the same axes before.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="InvalidOperationException">A parameter has no values yet.</exception>
    public Tensor<T> Forward(Tensor<T> x1, Tensor<T> x2)
    {
        ArgumentNullException.ThrowIfNull(x1);
        ArgumentNullException.ThrowIfNull(x2);
        if (x1.Rank == 0 || x1.Shape[-1] != First || x2.Rank != x1.Rank || x2.Shape[-1] != Second || !x1.Shape.Axes[..^1].SequenceEqual(x2.Shape.Axes[..^1]))
            throw new ArgumentException($"A bilinear map got shapes {x1.Shape} and {x2.Shape}; expected [..., {First}] and [..., {Second}] with the same axes before.", nameof(x2));
        int rows = x1.Length / First;
        // x₁·A for all outputs is one product; what is left is a matrix times a vector for each row.
        Tensor<T> side = _weight.Tensor.Permute(1, 0, 2).Reshape([First, Outputs * Second]);
        Tensor<T> left = x1.Reshape([rows, First]).MatMul(side).Reshape([rows, Outputs, Second]);
        Tensor<T> y = left.MatMul(x2.Reshape([rows, Second, 1])).Reshape(Shape.Create([.. x1.Shape.Axes[..^1], Outputs]));
        return _bias is null ? y : y + _bias.Tensor;
    }
}
