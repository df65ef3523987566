using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Kernels.Philox;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>W = g·v/‖v‖ in the place of a weight: the norms are taken over all axes but one, or over all.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class NormalizedWeight<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _reduced;
    private readonly int? _axis;

    /// <summary>Parameters for a weight: with its values if it has some, else with its first values when they are drawn.</summary>
    public NormalizedWeight(string name, Parameter<T> weight, IInitializer<T> initializer, int? axis)
    {
        _axis = axis is { } a ? weight.Shape.NormalizeAxis(a) : null;
        _reduced = [.. Enumerable.Range(0, weight.Shape.Rank).Where(i => i != _axis)];
        Shape lengths = _axis is null ? Shape.Scalar : weight.Shape.Reduce(_reduced, keepAxes: true);
        Length = new(name + "_g", lengths, ParameterRole.Norm, Initializers.Constant(T.One));
        Direction = new(name + "_v", weight.Shape, ParameterRole.Weight, new WithLengths(this, initializer));
        if (!weight.HasValues)
            return;
        Length.Load(Norms(weight.Tensor.Detach()).ToArray());
        Direction.Load(weight.Tensor.ToArray());
    }

    /// <summary>g: one for each index of the axis, or a scalar.</summary>
    public Parameter<T> Length { get; }

    /// <summary>v, in the weight's shape.</summary>
    public Parameter<T> Direction { get; }

    /// <summary>W.</summary>
    public Tensor<T> Value => Direction.Tensor * (Length.Tensor / Norms(Direction.Tensor));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"weight norm {(_axis is { } axis ? axis : "all")}");

    private Tensor<T> Norms(Tensor<T> v) => _axis is null ? v.Norm() : v.Norm(2, _reduced, keepAxes: true);

    // Parameters get their values in order, so the lengths have memory when the directions are drawn.
    private sealed class WithLengths(NormalizedWeight<T> owner, IInitializer<T> inner) : IInitializer<T>
    {
        public void Fill(Span<T> destination, Shape shape, PhiloxStream stream)
        {
            inner.Fill(destination, shape, stream);
            owner.Norms(Tensor.From<T>(destination, shape)).CopyTo(owner.Length.Tensor.AsSpan());
        }
    }
}
