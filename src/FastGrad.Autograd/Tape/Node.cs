using System.Numerics;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd;

/// <summary>A recorded operation: its primitive, what its derivative reads, and where its inputs came from.</summary>
internal sealed class Node<T> : TapeNode
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Input[] _inputs;
    private readonly int _outputVersion;
    private Tensor<T>? _output;
    private Tensor<T>? _auxiliary;
    private bool _released;
    private bool _captured;

    /// <summary>Records an operation. Only what <see cref="Primitive{T}.Residual"/> names is kept alive.</summary>
    public Node(Primitive<T> primitive, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, ReadOnlySpan<TapeNode?> edges, Tensor<T>? auxiliary = null)
        : base(isLeaf: false)
    {
        Primitive = primitive;
        OutputShape = output.Shape;
        _auxiliary = auxiliary;
        _inputs = new Input[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            Tensor<T>? saved = primitive.Keeps(i) ? inputs[i] : null;
            _inputs[i] = new(edges[i], saved, saved?.Version ?? 0, inputs[i].Shape);
        }
        if ((primitive.Residual & Residual.Output) != 0)
            (_output, _outputVersion) = (output, output.Version);
    }

    public Primitive<T> Primitive { get; }

    public Shape OutputShape { get; }

    public int InputCount => _inputs.Length;

    /// <summary>The gradient that has come so far in the pass under way.</summary>
    public Tensor<T>? Gradient { get; set; }

    /// <summary>Whether <see cref="Gradient"/>'s memory is also somebody else's, so that adding in place is forbidden.</summary>
    public bool GradientIsShared { get; set; }

    /// <summary>What sees the gradient before it goes on.</summary>
    public GradientHooks<T>? Hooks { get; set; }

    /// <summary>What was saved.</summary>
    public IEnumerable<Tensor<T>> Saved => _inputs.Select(input => input.Saved).Append(_output).Append(_auxiliary).OfType<Tensor<T>>();

    public TapeNode? Edge(int input) => _inputs[input].Edge;

    public Shape InputShape(int input) => _inputs[input].Shape;

    /// <summary>The saved input, after a check that nobody has changed it since.</summary>
    public Tensor<T> SavedInput(int input)
    {
        ref readonly Input kept = ref _inputs[input];
        if (kept.Saved is not { } saved)
            throw Missing($"input {input}");
        return saved.Version == kept.Version || _captured ? saved : throw Changed(saved, $"input {input}");
    }

    /// <summary>The saved output, after a check that nobody has changed it since.</summary>
    public Tensor<T> SavedOutput()
    {
        if (_output is not { } saved)
            throw Missing("the output");
        return saved.Version == _outputVersion || _captured ? saved : throw Changed(saved, "the output");
    }

    /// <summary>What the kernel left beside the output. Nobody else has it, so nobody can have changed it.</summary>
    public Tensor<T> Auxiliary => _auxiliary ?? throw Missing("what the kernel left beside the output");

    /// <summary>Keeps what was saved for a program, whose runs change it in order.</summary>
    public Node<T> Captured()
    {
        _captured = true;
        return this;
    }

    /// <summary>Lets go of what was saved: a graph is walked once, unless it is retained.</summary>
    public void Release()
    {
        _released = true;
        if (_captured)
            return;
        (_output, _auxiliary) = (null, null);
        foreach (ref Input input in _inputs.AsSpan())
            input = input with { Saved = null };
    }

    public void ThrowIfReleased()
    {
        if (_released)
            throw new InvalidOperationException($"Backward() through '{Primitive.Name}' a second time: the first pass released what was saved. Expected Backward(retainGraph: true) on the first pass, or a new forward pass.");
    }

    private InvalidOperationException Changed(Tensor<T> saved, string what) =>
        new($"'{Primitive.Name}' saved {what}, {saved.Name ?? "a tensor"} of shape {saved.Shape}, for backward, and it was changed in place since. Expected no change between forward and backward; clone it first.");

    private InvalidOperationException Missing(string what) =>
        new($"'{Primitive.Name}' reads {what} in its derivative, but declares only {Primitive.Residual} as its residual.");

    private readonly record struct Input(TapeNode? Edge, Tensor<T>? Saved, int Version, Shape Shape);
}
