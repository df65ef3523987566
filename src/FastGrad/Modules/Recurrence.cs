using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Modules;

/// <summary>One step of a recurrent network: what it makes of an input's share of the gates and the state before. Gates have PyTorch's order.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal abstract class Recurrence<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of the weights by the hidden width.</summary>
    public abstract int Gates { get; }

    /// <summary>Tensors of the state; the first is the output.</summary>
    public virtual int States => 1;

    /// <summary>The state after the step.</summary>
    /// <param name="input">W_ih·x + b_ih, [batch, gates·hidden].</param>
    /// <param name="state">The state before, each [batch, hidden].</param>
    /// <param name="hidden">W_hh·h + b_hh, [batch, gates·hidden].</param>
    public abstract Tensor<T>[] Step(Tensor<T> input, Tensor<T>[] state, Tensor<T> hidden);

    protected static Tensor<T> Sigmoid(Tensor<T> x) => x.Map(default(Kernels.Functions.Sigmoid<T>));

    protected static Tensor<T> Tanh(Tensor<T> x) => x.Map(default(Kernels.Functions.Tanh<T>));
}

/// <summary>h′ = tanh(W_ih·x + b_ih + W_hh·h + b_hh), or max(·, 0). Elman 1990, "Finding structure in time".</summary>
internal sealed class ElmanRecurrence<T>(bool relu) : Recurrence<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override int Gates => 1;

    public override Tensor<T>[] Step(Tensor<T> input, Tensor<T>[] state, Tensor<T> hidden) =>
        [relu ? (input + hidden).Map(default(Kernels.Activations.Relu<T>)) : Tanh(input + hidden)];
}

/// <summary>
/// i, f, g, o = σ, σ, tanh, σ of the gates; c′ = f∘c + i∘g, h′ = o∘tanh c′. Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000.
/// </summary>
internal sealed class LstmRecurrence<T> : Recurrence<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override int Gates => 4;

    public override int States => 2;

    public override Tensor<T>[] Step(Tensor<T> input, Tensor<T>[] state, Tensor<T> hidden)
    {
        Tensor<T>[] gates = (input + hidden).Chunk(4, -1);
        Tensor<T> cell = Sigmoid(gates[1]) * state[1] + Sigmoid(gates[0]) * Tanh(gates[2]);
        return [Sigmoid(gates[3]) * Tanh(cell), cell];
    }
}

/// <summary>
/// r, z = σ of the gates; n = tanh(W_in·x + b_in + r∘(W_hn·h + b_hn)), h′ = n + z∘(h − n). Cho et al. 2014, with the reset after the product as in PyTorch.
/// </summary>
internal sealed class GruRecurrence<T> : Recurrence<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override int Gates => 3;

    public override Tensor<T>[] Step(Tensor<T> input, Tensor<T>[] state, Tensor<T> hidden)
    {
        Tensor<T>[] x = input.Chunk(3, -1), h = hidden.Chunk(3, -1);
        Tensor<T> reset = Sigmoid(x[0] + h[0]), update = Sigmoid(x[1] + h[1]), candidate = Tanh(x[2] + reset * h[2]);
        return [candidate + update * (state[0] - candidate)];
    }
}
