using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Modules;

/// <summary>Long short-term memory: gates i, f, g, o; c′ = f∘c + i∘g, h′ = o∘tanh c′; Hochreiter and Schmidhuber 1997. Sequences, names and first values: <see cref="RecurrentModule{T}"/>.</summary>
/// <param name="inputs">The elements of an input.</param>
/// <param name="hidden">The elements of an output.</param>
/// <param name="layers">Layers, one above the other.</param>
/// <param name="bidirectional">Whether each layer also runs from the sequence's end.</param>
/// <param name="bias">Whether biases are added.</param>
/// <param name="dropout">That an element between layers becomes 0 in training: from 0 up to, not including, 1.</param>
/// <param name="seed">What the masks come from; layers have streams of their own.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Lstm<T>(int inputs, int hidden, int layers = 1, bool bidirectional = false, bool bias = true, double dropout = 0, ulong seed = 0)
    : RecurrentModule<T>(new LstmRecurrence<T>(), inputs, hidden, layers, bidirectional, bias, dropout, seed)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The outputs at all times, and the last states and cells, each [layers·directions, batch, hidden].</summary>
    /// <param name="x">[batch, time, inputs].</param>
    /// <param name="hidden">The first states h [layers·directions, batch, hidden].</param>
    /// <param name="cell">The first cells c, in the same shape.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public (Tensor<T> Output, Tensor<T> Hidden, Tensor<T> Cell) Forward(Tensor<T> x, Tensor<T> hidden, Tensor<T> cell)
    {
        (Tensor<T> output, Tensor<T>[] last) = Run(x, [hidden, cell]);
        return (output, last[0], last[1]);
    }
}
