using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>A differentiable operation: a shape rule, a kernel, and its two linear maps, backward (VJP) and forward (JVP).</summary>
/// <remarks>
/// <para>
/// <see cref="Vjp"/> and <see cref="Jvp"/> are written with tensor operations, so that they can be differentiated again and to any
/// order. <see cref="Backward"/> is the fused form that training runs where there is one; tests hold the two against each other.
/// </para>
/// <para>Attributes (axes, slices, labels) are fields: a primitive is one operation with its attributes, immutable.</para>
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int OutputBit = 3; // the first inputs, as many as a residual can name, come before it
    private const int AttributeBit = 4;

    private int _saves = -1; // which inputs are saved, a bit each, the output, and whether there is an attribute; −1: not asked yet

    /// <summary>The operation's name, as error messages and dumps print it.</summary>
    public abstract string Name { get; }

    /// <summary>What the derivatives read; nothing else is kept alive for backward.</summary>
    public abstract Residual Residual { get; }

    /// <summary>Whether it has derivatives. Comparisons have none: their results are constants.</summary>
    public virtual bool IsDifferentiable => true;

    /// <summary>The output's shape.</summary>
    /// <exception cref="ArgumentException">The inputs' shapes do not fit.</exception>
    public abstract Shape Infer(ReadOnlySpan<Tensor<T>> inputs);

    /// <summary>Whether the kernels read this input as it lies in memory; else they get a contiguous copy.</summary>
    public virtual bool AcceptsLayout(int input, Tensor<T> tensor) => tensor.IsContiguous;

    /// <summary>Computes the output into memory that is the caller's: contiguous, not cleared. The inputs lie in an accepted layout.</summary>
    public abstract void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output);

    /// <summary>
    /// The shape of what the kernel leaves for <see cref="Backward"/> beside the output, such as statistics of rows; null where it leaves nothing.
    /// It exists only where the operation is put on the tape.
    /// </summary>
    public virtual Shape? Auxiliary(ReadOnlySpan<Tensor<T>> inputs) => null;

    /// <summary>The same as <see cref="Forward(ReadOnlySpan{Tensor{T}}, Tensor{T})"/>, and what <see cref="Auxiliary"/> announces.</summary>
    public virtual void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, Tensor<T> auxiliary) =>
        throw new NotSupportedException($"'{Name}' leaves nothing beside its output.");

    /// <summary>vᵢ = Jᵢᵀ·dy: the gradient with respect to one input, in its shape.</summary>
    public abstract Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy);

    /// <summary>J·t = Σᵢ Jᵢ·tᵢ: the output's tangent. Null tangents are zero; at least one is not null.</summary>
    public abstract Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents);

    /// <summary>Whether <see cref="Backward"/> computes this input's gradient; else the eager pass runs <see cref="Vjp"/>.</summary>
    public virtual bool FusesBackward(int input, in Linearization<T> at) => false;

    /// <summary>dxᵢ = Jᵢᵀ·dy, or dxᵢ += Jᵢᵀ·dy, by kernels, straight into the gradient's memory.</summary>
    /// <param name="input">The input; one that <see cref="FusesBackward"/>.</param>
    /// <param name="at">What the derivative reads.</param>
    /// <param name="dy">The output's gradient: contiguous, read-only.</param>
    /// <param name="dx">The input's gradient: contiguous, in the input's shape.</param>
    /// <param name="accumulate">Whether to add to what is there; else write.</param>
    public virtual void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate) =>
        throw new NotSupportedException($"'{Name}' has no fused backward kernel for input {input}.");

    /// <summary>The output without a kernel: over an input's memory, for views, or made of other operations; null for operations with a kernel.</summary>
    public virtual Tensor<T>? View(ReadOnlySpan<Tensor<T>> inputs) => null;

    /// <summary>Whether the derivatives read this input.</summary>
    public virtual bool Keeps(int input) => input switch
    {
        0 => (Residual & Residual.Input) != 0,
        1 => (Residual & Residual.Second) != 0,
        2 => (Residual & Residual.Third) != 0,
        _ => false,
    };

    /// <summary>The same as <see cref="Keeps"/>, asked once for each of the first inputs: a primitive is immutable.</summary>
    internal bool Saves(int input)
    {
        if (input >= OutputBit)
            return Keeps(input);
        int saves = _saves < 0 ? FindSaves() : _saves;
        return (saves >> input & 1) != 0;
    }

    /// <summary>The same as <see cref="KeepsOutput"/>, asked once.</summary>
    internal bool SavesOutput => ((_saves < 0 ? FindSaves() : _saves) >> OutputBit & 1) != 0;

    /// <summary>Whether <see cref="Attribute"/> has memory, asked once.</summary>
    internal bool SavesAttribute => ((_saves < 0 ? FindSaves() : _saves) >> AttributeBit & 1) != 0;

    /// <summary>The memory of labels, indices or a mask, which the derivatives read again; null where there is none.</summary>
    internal virtual Storage? Attribute => null;

    private int FindSaves()
    {
        int saves = (KeepsOutput ? 1 << OutputBit : 0) | (Attribute is null ? 0 : 1 << AttributeBit);
        for (int input = 0; input < OutputBit; input++)
            saves |= Keeps(input) ? 1 << input : 0;
        return _saves = saves;
    }

    /// <summary>Whether the derivatives read the output.</summary>
    internal bool KeepsOutput => (Residual & Residual.Output) != 0;

    /// <summary>Whether the value follows from the inputs alone. Labels, indices and masks are attributes whose memory holds other elements in the next run.</summary>
    internal virtual bool ReadsInputsOnly => false;

    /// <summary>Whether another primitive computes the same function: programs share its results then.</summary>
    internal virtual bool Computes(Primitive<T> other) => ReferenceEquals(this, other);

    /// <summary>Runs the operation, and records it where an input requires a gradient or a transform traces it.</summary>
    public Tensor<T> Apply(params ReadOnlySpan<Tensor<T>> inputs)
    {
        long level = 0;
        bool requiresGrad = false, isContiguous = true;
        foreach (Tensor<T> input in inputs)
        {
            ArgumentNullException.ThrowIfNull(input, nameof(inputs));
            level = Math.Max(level, input.Level);
            requiresGrad |= input.HasNode;
            isContiguous &= input.IsContiguous;
            input.ThrowIfScratch();
        }
        ThreadState thread = ThreadState.Current;
        if (level > 0)
            return ApplyTraced(thread, inputs, level);
        return View(inputs) is { } view
            ? Record(thread, inputs, view, requiresGrad)
            : Compute(thread, isContiguous ? inputs : Accepted(inputs), requiresGrad);
    }

    private Tensor<T> Compute(ThreadState thread, ReadOnlySpan<Tensor<T>> inputs, bool requiresGrad)
    {
        Tensor<T> output = Tensor.Uninitialized<T>(thread, Infer(inputs));
        Tensor<T>? auxiliary = IsRecorded(thread, requiresGrad) && Auxiliary(inputs) is { } shape ? Tensor.Uninitialized<T>(thread, shape) : null;
        if (thread.Recorder is { } recorder)
        {
            recorder.Add(new ForwardInstruction<T>(this, inputs.ToArray(), output, auxiliary));
            return Record(thread, inputs, output, requiresGrad, auxiliary);
        }
        if (auxiliary is null)
            Forward(inputs, output);
        else
            Forward(inputs, output, auxiliary);
        if (thread.Watch != AnomalyDetection.Watch.Off)
            AnomalyDetection.CheckOutput(this, inputs, output);
        return Record(thread, inputs, output, requiresGrad, auxiliary);
    }

    // A contiguous input is always accepted, so this is for views alone.
    private ReadOnlySpan<Tensor<T>> Accepted(ReadOnlySpan<Tensor<T>> inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            if (AcceptsLayout(i, inputs[i]))
                continue;
            var accepted = new Tensor<T>[inputs.Length];
            for (int k = 0; k < inputs.Length; k++)
                accepted[k] = AcceptsLayout(k, inputs[k]) ? inputs[k] : inputs[k].Materialized();
            return accepted;
        }
        return inputs;
    }

    /// <summary>Puts the operation on the tape, unless recording is off.</summary>
    private protected Tensor<T> Record(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, bool requiresGrad) =>
        Record(ThreadState.Current, inputs, output, requiresGrad);

    private Tensor<T> Record(ThreadState thread, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, bool requiresGrad, Tensor<T>? auxiliary = null)
    {
        if (!IsRecorded(thread, requiresGrad))
            return output;
        // A program keeps its nodes beyond the scope that it is captured in.
        Node<T> node = thread.Scope is not null && thread.Recorder is null && thread.Nodes<T>() is { } pool ? pool.Issue() : new();
        node.Record(thread, this, inputs, [], output, auxiliary);
        output.Node = node;
        return output;
    }

    private bool IsRecorded(ThreadState thread, bool requiresGrad) => requiresGrad && thread.OffBelow == 0 && IsDifferentiable;

    // The innermost transform takes its part away; what is below, other transforms or plain tensors, runs through Apply again.
    private Tensor<T> ApplyTraced(ThreadState thread, ReadOnlySpan<Tensor<T>> inputs, long level)
    {
        var primals = new Tensor<T>[inputs.Length];
        var tangents = new Tensor<T>?[inputs.Length];
        var edges = new TapeNode?[inputs.Length];
        bool forward = false;
        for (int i = 0; i < inputs.Length; i++)
        {
            switch (inputs[i].Level == level ? inputs[i].Trace : null)
            {
                case ForwardTrace<T> trace:
                    (primals[i], tangents[i], forward) = (trace.Primal, trace.Tangent, true);
                    break;
                case ReverseTrace<T> trace:
                    (primals[i], edges[i]) = (trace.Primal, trace.Node);
                    break;
                default:
                    primals[i] = inputs[i];
                    break;
            }
        }
        Tensor<T> output = Apply(primals);
        if (!IsDifferentiable || NoGrad.Stops(level))
            return output;
        if (forward)
            return output.Traced(new ForwardTrace<T>(level, output, Jvp(new Linearization<T>(primals, output), tangents)));
        Node<T> node = new(); // a transform may hold it beyond the scope
        node.Record(thread, this, primals, edges, output, auxiliary: null);
        return output.Traced(new ReverseTrace<T>(level, output, node));
    }
}
