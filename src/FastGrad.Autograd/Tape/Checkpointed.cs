using System.Numerics;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd;

/// <summary>A segment of the tape that is not kept: the backward pass records it again, and walks on into it.</summary>
/// <remarks>
/// The second run hangs its operations on the edges of the first run's inputs, so the pass adds the same contributions in the same
/// order as without a checkpoint: the same bits.
/// </remarks>
internal sealed class Checkpointed<T>(Func<Tensor<T>[], Tensor<T>> segment) : Composite<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RecomputationLog _log = new();

    public override string Name => "checkpoint";

    public override Residual Residual => Residual.Input;

    public override bool Keeps(int input) => true;

    /// <summary>The first run: its tape tells whether anything requires a gradient, and is dropped.</summary>
    public Tensor<T> Run(Tensor<T>[] inputs)
    {
        if (NoGrad.IsActive || inputs.Any(input => input.Trace is not null))
            return segment(inputs);
        Tensor<T> output;
        bool requiresGrad;
        // Inside a scope the segment's temporaries go back at once; outside the collector takes them.
        using (TensorScope scope = TensorScope.Nested())
        {
            Tensor<T> traced = Recomputation.Under(_log, replay: false, () => segment(inputs));
            requiresGrad = traced.RequiresGrad;
            output = scope.Keep(traced.Detach());
        }
        return requiresGrad ? Record(inputs, output, requiresGrad) : output;
    }

    /// <summary>The second run, on the first run's inputs and edges.</summary>
    /// <returns>The segment's output, at the end of a tape of its own.</returns>
    public Tensor<T> Recompute(Node<T> node)
    {
        var inputs = new Tensor<T>[node.InputCount];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = node.SavedInput(i).Detach();
            inputs[i].Node = node.Edge(i);
        }
        using NoGrad.Pause on = NoGrad.Suspend();
        ThreadState thread = ThreadState.Current;
        thread.Clock = Math.Max(thread.Clock, node.Sequence); // what is recorded now comes later, whichever thread recorded the first run
        return Recomputation.Under(_log, replay: true, () => segment(inputs));
    }

    public override Tensor<T> Compose(ReadOnlySpan<Tensor<T>> inputs) => segment(inputs.ToArray());

    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => throw Expanded();

    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => throw Expanded();

    private static InvalidOperationException Expanded() => new("A checkpoint has no derivative of its own: the backward pass walks into its segment.");
}
