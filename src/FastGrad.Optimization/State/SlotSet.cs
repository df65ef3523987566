using System.Collections.Immutable;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Optimization.State;

/// <summary>The state that an update method declares, for one parameter or shared: named slots with type and shape, all zero at first.</summary>
/// <remarks>Each declaration returns the slot's index: the first is 0, the next 1, and so on.</remarks>
public sealed class SlotSet
{
    private readonly ParameterInfo? _parameter;
    private readonly List<Slot> _slots = [];

    internal SlotSet(ParameterInfo? parameter) => _parameter = parameter;

    internal enum SlotStorage
    {
        Element,
        Float64,
        Int64,
    }

    internal IReadOnlyList<Slot> Slots => _slots;

    /// <summary>A slot of the parameter's own element type and shape.</summary>
    /// <exception cref="InvalidOperationException">This set is not a parameter's.</exception>
    public int Like(string name) => Add(name, Parameter.Shape.AsSpan());

    /// <summary>A slot of the parameters' element type and any shape.</summary>
    public int Add(string name, params ReadOnlySpan<int> shape) => Add(name, SlotStorage.Element, shape, scratch: false);

    /// <summary>A slot of binary64 numbers.</summary>
    public int AddFloat64(string name, params ReadOnlySpan<int> shape) => Add(name, SlotStorage.Float64, shape, scratch: false);

    /// <summary>A slot of 64-bit integers.</summary>
    public int AddInt64(string name, params ReadOnlySpan<int> shape) => Add(name, SlotStorage.Int64, shape, scratch: false);

    /// <summary>Working memory of the parameters' element type: kept between steps, but no part of a checkpoint.</summary>
    public int Scratch(string name, params ReadOnlySpan<int> shape) => Add(name, SlotStorage.Element, shape, scratch: true);

    /// <summary>Working memory of the parameter's own element type and shape.</summary>
    /// <exception cref="InvalidOperationException">This set is not a parameter's.</exception>
    public int ScratchLike(string name) => Scratch(name, Parameter.Shape.AsSpan());

    private ParameterInfo Parameter =>
        _parameter ?? throw new InvalidOperationException("Shared state belongs to no parameter; give the slot a shape.");

    private int Add(string name, SlotStorage storage, ReadOnlySpan<int> shape, bool scratch)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (_slots.Exists(s => s.Name == name))
            throw new ArgumentException($"Slot '{name}' is declared twice.", nameof(name));
        int count = new ParameterInfo(name, shape).Count; // the same checks as a parameter's shape
        _slots.Add(new(name, storage, [.. shape], count, scratch));
        return _slots.Count - 1;
    }

    internal sealed record Slot(string Name, SlotStorage Storage, ImmutableArray<int> Shape, int Count, bool IsScratch);
}
