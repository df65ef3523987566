using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Modules;

/// <summary>y = x + f(x). He et al. 2016, "Deep residual learning for image recognition", eq. 1. The child is named <c>module</c>.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Residual<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Module<T> _module;

    /// <summary>A shortcut around a module whose output has its input's shape.</summary>
    public Residual(Module<T> module) => _module = Child("module", module);

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor<T> y = _module.Invoke(x);
        return y.Shape == x.Shape
            ? x + y
            : throw new ArgumentException($"A residual module made {y.Shape} of {x.Shape}; expected the same shape, for the sum.", nameof(x));
    }
}
