using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Functions;

namespace FastGrad.Modules;

// The named activations. Formulas, accuracy and edges are the operators', under FastGrad.Kernels.

/// <summary>max(x, 0).</summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class Relu<T> : Activation<Kernels.Activations.Relu<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>x for x &gt; 0, slope·x else.</summary>
/// <param name="slope">The slope of the negative part.</param>
/// <typeparam name="T">The element type.</typeparam>
public sealed class LeakyRelu<T>(double slope = 0.01) : Activation<Kernels.Activations.LeakyRelu<T>, T>(new(T.CreateTruncating(slope)))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>x for x &gt; 0, α·(eˣ − 1) else.</summary>
/// <param name="alpha">The scale of the negative part.</param>
/// <typeparam name="T">The element type.</typeparam>
public sealed class Elu<T>(double alpha = 1) : Activation<Kernels.Activations.Elu<T>, T>(new(T.CreateTruncating(alpha)))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>tanh x.</summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class Tanh<T> : Activation<Kernels.Functions.Tanh<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>σ(x) = 1/(1 + e⁻ˣ).</summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class Sigmoid<T> : Activation<Kernels.Functions.Sigmoid<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>x·σ(x).</summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class Silu<T> : Activation<Kernels.Activations.Silu<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>x·Φ(x), with the normal distribution function Φ.</summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class Gelu<T> : Activation<Kernels.Activations.Gelu<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>GELU's tanh form.</summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class GeluTanh<T> : Activation<Kernels.Activations.GeluTanh<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>ln(1 + eˣ).</summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class Softplus<T> : Activation<Kernels.Activations.Softplus<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Softmax along an axis: probabilities from logits. Losses take logits, so it belongs after training, not before the loss.</summary>
/// <param name="axis">The axis; −1 is the last.</param>
/// <typeparam name="T">The element type.</typeparam>
public sealed class Softmax<T>(int axis = -1) : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x) => x.Softmax(axis);

    internal override string Attributes => string.Create(CultureInfo.InvariantCulture, $"({axis})");
}

/// <summary>The logarithm of softmax along an axis.</summary>
/// <param name="axis">The axis; −1 is the last.</param>
/// <typeparam name="T">The element type.</typeparam>
public sealed class LogSoftmax<T>(int axis = -1) : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x) => x.LogSoftmax(axis);

    internal override string Attributes => string.Create(CultureInfo.InvariantCulture, $"({axis})");
}
