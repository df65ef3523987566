using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Modules;

/// <summary>h′ = tanh(W_ih·x + b_ih + W_hh·h + b_hh), or with max(·, 0); Elman 1990. Sequences, names and first values: <see cref="RecurrentModule{T}"/>.</summary>
/// <param name="inputs">The elements of an input.</param>
/// <param name="hidden">The elements of an output.</param>
/// <param name="layers">Layers, one above the other.</param>
/// <param name="bidirectional">Whether each layer also runs from the sequence's end.</param>
/// <param name="bias">Whether biases are added.</param>
/// <param name="relu">Whether max(·, 0) instead of tanh.</param>
/// <param name="dropout">That an element between layers becomes 0 in training: from 0 up to, not including, 1.</param>
/// <param name="seed">What the masks come from; layers have streams of their own.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Rnn<T>(int inputs, int hidden, int layers = 1, bool bidirectional = false, bool bias = true, bool relu = false, double dropout = 0, ulong seed = 0)
    : RecurrentModule<T>(new ElmanRecurrence<T>(relu), inputs, hidden, layers, bidirectional, bias, dropout, seed)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The outputs at all times, and the last states [layers·directions, batch, hidden].</summary>
    /// <param name="x">[batch, time, inputs].</param>
    /// <param name="hidden">The first states [layers·directions, batch, hidden].</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public (Tensor<T> Output, Tensor<T> Hidden) Forward(Tensor<T> x, Tensor<T> hidden)
    {
        (Tensor<T> output, Tensor<T>[] last) = Run(x, [hidden]);
        return (output, last[0]);
    }
}
