using System.Numerics;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd;

/// <summary>A recorded operation: its primitive, what its derivative reads, and where its inputs came from.</summary>
internal sealed class Node<T>() : TapeNode(isLeaf: false)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Input[] _inputs = [];
    private Kept _output;
    private Shape _outputShape;
    private Tensor<T>? _auxiliary;
    private Storage? _attribute;
    private int _attributeVersion;
    private bool _released;
    private bool _captured;

    public Primitive<T> Primitive { get; private set; } = null!; // null in a node that waits for its next scope

    public Shape OutputShape => _outputShape;

    public int InputCount { get; private set; }

    /// <summary>The gradient that has come so far in the pass under way.</summary>
    public Tensor<T>? Gradient { get; set; }

    /// <summary>Whether <see cref="Gradient"/>'s memory is also somebody else's, so that adding in place is forbidden.</summary>
    public bool GradientIsShared { get; set; }

    /// <summary>Whether it awaits its turn in the pass under way.</summary>
    public bool IsQueued { get; set; }

    /// <summary>What sees the gradient before it goes on.</summary>
    public GradientHooks<T>? Hooks { get; set; }

    /// <summary>What was saved.</summary>
    public IEnumerable<Tensor<T>> Saved =>
        _inputs.Take(InputCount).Select(input => input.Saved.Tensor).Append(_output.Tensor).Append(_auxiliary).OfType<Tensor<T>>();

    /// <summary>What the kernel left beside the output. Nobody else has it, so nobody can have changed it.</summary>
    public Tensor<T> Auxiliary => _auxiliary ?? throw Missing("what the kernel left beside the output");

    /// <summary>Records an operation. Only what <see cref="Primitive{T}.Residual"/> names is kept alive.</summary>
    /// <param name="thread">The thread's state.</param>
    /// <param name="primitive">The operation.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="edges">Where they came from; empty for their own places on the tape.</param>
    /// <param name="output">Its output.</param>
    /// <param name="auxiliary">What the kernel left beside the output.</param>
    public void Record(
        ThreadState thread, Primitive<T> primitive, ReadOnlySpan<Tensor<T>> inputs, ReadOnlySpan<TapeNode?> edges, Tensor<T> output, Tensor<T>? auxiliary)
    {
        (Primitive, InputCount) = (primitive, inputs.Length);
        // In a steady loop a node stands for the same operation in each pass, and a shape that is not stored needs no write barrier.
        if (!_outputShape.IsSame(output.Shape))
            _outputShape = output.Shape;
        if (_inputs.Length < inputs.Length)
            _inputs = new Input[inputs.Length];
        long clock = thread.Clock;
        for (int i = 0; i < inputs.Length; i++)
        {
            ref Input input = ref _inputs[i];
            Tensor<T> tensor = inputs[i];
            TapeNode? edge = edges.IsEmpty ? tensor.Node : edges[i];
            if (edge is not null)
            {
                (input.Edge, input.EdgeGeneration) = (edge, edge.Generation);
                clock = Math.Max(clock, edge.Sequence);
            }
            if (primitive.Saves(i))
                input.Saved = new(tensor);
            if (!input.Shape.IsSame(tensor.Shape))
                input.Shape = tensor.Shape;
        }
        if (primitive.SavesOutput)
            _output = new(output);
        if (auxiliary is not null)
            _auxiliary = auxiliary;
        if (primitive.SavesAttribute)
            (_attribute, _attributeVersion) = (primitive.Attribute, primitive.Attribute!.Version);
        Sequence = thread.Clock = clock + 1;
        if (thread.Watch != AnomalyDetection.Watch.Off)
            CallSite = AnomalyDetection.CallSite();
    }

    /// <summary>The place of an input on the tape, or null for a constant.</summary>
    /// <exception cref="ObjectDisposedException">Its scope has ended.</exception>
    public TapeNode? Edge(int input)
    {
        ref readonly Input from = ref _inputs[input];
        return from.Edge is { } edge && edge.Generation != from.EdgeGeneration
            ? throw new ObjectDisposedException($"input {input} of '{Primitive.Name}'", $"Backward() through '{Primitive.Name}', whose input {input} of shape {from.Shape} was recorded in a TensorScope that has ended; expected Backward() inside the scope, or scope.Keep(tensor) before its end.")
            : from.Edge;
    }

    public Shape InputShape(int input) => _inputs[input].Shape;

    /// <summary>The saved input, after a check that nobody has changed it since.</summary>
    public Tensor<T> SavedInput(int input)
    {
        ref readonly Kept saved = ref _inputs[input].Saved;
        return (_captured ? saved.Tensor is not null : saved.IsUnchanged) ? saved.Tensor! : throw Unusable(saved, $"input {input}");
    }

    /// <summary>The saved output, after a check that nobody has changed it since.</summary>
    public Tensor<T> SavedOutput() =>
        (_captured ? _output.Tensor is not null : _output.IsUnchanged) ? _output.Tensor! : throw Unusable(_output, "the output");

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
        (_output, _auxiliary, _attribute) = (default, null, null);
        for (int i = 0; i < InputCount; i++)
            _inputs[i].Saved = default;
    }

    /// <summary>Lets go of everything: the scope has ended, and the node will stand for another operation.</summary>
    public void Recycle()
    {
        EndLife();
        for (int i = 0; i < InputCount; i++)
            (_inputs[i].Edge, _inputs[i].Saved) = (null, default); // shapes hold no memory
        (Primitive, _output, _auxiliary, _attribute, Gradient, Hooks, CallSite) = (null!, default, null, null, null, null, null); // labels are a primitive's attributes
        (_released, IsQueued, GradientIsShared) = (false, false, false);
    }

    /// <summary>Refuses a second walk, and a walk by labels, indices or a mask that are not those of the forward pass.</summary>
    public void ThrowIfUnusable()
    {
        if (_attribute is { } attribute && attribute.Version != _attributeVersion && !_captured)
            throw new InvalidOperationException($"'{Primitive.Name}' reads its labels, indices or mask again in backward, and they were changed in place since. Expected no change between forward and backward; clone them first.");
        if (_released)
            throw new InvalidOperationException($"Backward() through '{Primitive.Name}' a second time: the first pass released what was saved. Expected Backward(retainGraph: true) on the first pass, or a new forward pass.");
    }

    private Exception Unusable(Kept saved, string what)
    {
        if (saved.Tensor is not { } tensor)
            return Missing(what);
        string message = $"'{Primitive.Name}' saved {what}, {tensor.Name ?? "a tensor"} of shape {tensor.Shape}, for backward, and ";
        return saved.IsThere
            ? new InvalidOperationException(message + "it was changed in place since. Expected no change between forward and backward; clone it first.")
            : new ObjectDisposedException(tensor.Name ?? what, message + "it went back when its TensorScope ended. Expected Backward() inside the scope.");
    }

    private InvalidOperationException Missing(string what) =>
        new($"'{Primitive.Name}' reads {what} in its derivative, but declares only {Primitive.Residual} as its residual.");

    /// <summary>A tensor as it was when the operation was recorded.</summary>
    private readonly struct Kept(Tensor<T> tensor)
    {
        private readonly int _version = tensor.Version;
        private readonly int _life = tensor.Life;

        public readonly Tensor<T>? Tensor = tensor;

        public bool IsUnchanged => Tensor is not null && Tensor.Version == _version && IsThere;

        public bool IsThere => Tensor!.Life == _life;
    }

    private struct Input
    {
        public TapeNode? Edge;
        public Kept Saved;
        public int EdgeGeneration;
        public Shape Shape;
    }
}
