using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Kernels.Philox;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>What training changes in a module: a tensor with a role, and how its first values are made.</summary>
/// <remarks>It has no values until <see cref="Module{T}.Initialize"/> or a load gives it some: nothing is random without a seed.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Parameter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IInitializer<T> _initializer;
    private readonly string _localName;
    private Tensor<T>? _tensor;

    internal Parameter(string localName, Shape shape, ParameterRole role, IInitializer<T> initializer) =>
        (_localName, Shape, Role, _initializer) = (localName, shape, role, initializer);

    /// <summary>The shape.</summary>
    public Shape Shape { get; }

    /// <summary>What it is to its module: optimizers may treat roles differently.</summary>
    public ParameterRole Role { get; }

    /// <summary>Whether it has values.</summary>
    public bool HasValues => _tensor is not null;

    /// <summary>The values: a leaf that requires a gradient.</summary>
    /// <exception cref="InvalidOperationException">There are none yet.</exception>
    public Tensor<T> Tensor => _tensor ?? throw NoValues();

    /// <summary>How its first values are made.</summary>
    internal IInitializer<T> Initializer => _initializer;

    internal void Initialize(PhiloxStream stream) => _initializer.Fill(Memory().AsSpan(), Shape, stream);

    internal void Load(ReadOnlySpan<T> values) => values.CopyTo(Memory().AsSpan());

    /// <summary>Puts another tensor in its place, and returns the one that was there.</summary>
    internal Tensor<T>? Exchange(Tensor<T>? tensor)
    {
        Tensor<T>? kept = _tensor;
        _tensor = tensor;
        return kept;
    }

    internal void SetName(string name) => Tensor.Name = name;

    // Memory of its own: a parameter that is made while a scope is open must outlive it.
    private Tensor<T> Memory()
    {
        if (_tensor is null)
        {
            _tensor = Autograd.Tensor.Wrap(AlignedMemory.Allocate<T>(Shape.Length), Shape);
            _tensor.RequiresGrad = true;
        }
        return _tensor;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private InvalidOperationException NoValues() =>
        new($"The parameter '{_localName}' of shape {Shape} has no values yet; expected module.Initialize(seed), or a load, before its use.");
}
