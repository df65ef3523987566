using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Modules;

/// <summary>One step of a recurrent network, for loops of one's own: x [batch, inputs].</summary>
/// <remarks>Parameters as in PyTorch: <c>weight_ih</c>, <c>weight_hh</c>, <c>bias_ih</c>, <c>bias_hh</c>, uniform on ±1/√hidden.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class RecurrentCell<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Recurrence<T> _recurrence;
    private readonly RecurrentParameters<T> _parameters;

    private protected RecurrentCell(Recurrence<T> recurrence, int inputs, int hidden, bool bias)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hidden, 1);
        (_recurrence, Hidden) = (recurrence, hidden);
        _parameters = new(Declare, "", inputs, hidden, recurrence.Gates, bias);
    }

    /// <summary>The elements of an output.</summary>
    public int Hidden { get; }

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>The output from states of zeros.</summary>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Step(x, [.. Enumerable.Range(0, _recurrence.States).Select(_ => Tensor.Zeros<T>([x.Shape[0], Hidden]))])[0];
    }

    private protected Tensor<T>[] Step(Tensor<T> x, Tensor<T>[] state) =>
        _recurrence.Step(_parameters.OfInput(x), state, _parameters.OfHidden(state[0]));
}

/// <summary>A step of <see cref="Rnn{T}"/>.</summary>
/// <param name="inputs">The elements of an input.</param>
/// <param name="hidden">The elements of an output.</param>
/// <param name="bias">Whether biases are added.</param>
/// <param name="relu">Whether max(·, 0) instead of tanh.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class RnnCell<T>(int inputs, int hidden, bool bias = true, bool relu = false) : RecurrentCell<T>(new ElmanRecurrence<T>(relu), inputs, hidden, bias)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The state after x: [batch, hidden].</summary>
    public Tensor<T> Forward(Tensor<T> x, Tensor<T> hidden) => Step(x, [hidden])[0];
}

/// <summary>A step of <see cref="Lstm{T}"/>.</summary>
/// <param name="inputs">The elements of an input.</param>
/// <param name="hidden">The elements of an output.</param>
/// <param name="bias">Whether biases are added.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LstmCell<T>(int inputs, int hidden, bool bias = true) : RecurrentCell<T>(new LstmRecurrence<T>(), inputs, hidden, bias)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>State and cell after x: each [batch, hidden].</summary>
    public (Tensor<T> Hidden, Tensor<T> Cell) Forward(Tensor<T> x, Tensor<T> hidden, Tensor<T> cell)
    {
        Tensor<T>[] next = Step(x, [hidden, cell]);
        return (next[0], next[1]);
    }
}

/// <summary>A step of <see cref="Gru{T}"/>.</summary>
/// <param name="inputs">The elements of an input.</param>
/// <param name="hidden">The elements of an output.</param>
/// <param name="bias">Whether biases are added.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GruCell<T>(int inputs, int hidden, bool bias = true) : RecurrentCell<T>(new GruRecurrence<T>(), inputs, hidden, bias)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The state after x: [batch, hidden].</summary>
    public Tensor<T> Forward(Tensor<T> x, Tensor<T> hidden) => Step(x, [hidden])[0];
}
