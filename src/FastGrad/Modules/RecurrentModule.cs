using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>A recurrent network over sequences: x [batch, time, inputs] gives [batch, time, hidden·directions].</summary>
/// <remarks>
/// Parameters as in PyTorch, for layer k: <c>weight_ih_lk</c> [gates·hidden, in], <c>weight_hh_lk</c> [gates·hidden, hidden], <c>bias_ih_lk</c>,
/// <c>bias_hh_lk</c>; those of the direction from the end have <c>_reverse</c> after their names. All are uniform on ±1/√hidden. Batches come first,
/// which in PyTorch is batch_first=True; there is no packed sequence. Dropout, where there is some, acts in training on the outputs of each layer but the last: children
/// <c>dropout_lk</c>, see <see cref="Dropout{T}"/>.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class RecurrentModule<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Recurrence<T> _recurrence;
    private readonly RecurrentParameters<T>[] _directions; // layer by layer, forward before reverse
    private readonly Dropout<T>[] _dropouts; // between layers; none where nothing is dropped

    private protected RecurrentModule(Recurrence<T> recurrence, int inputs, int hidden, int layers, bool bidirectional, bool bias, double dropout, ulong seed)
    {
        DropoutArguments.Check(dropout);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hidden, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        (_recurrence, Inputs, Hidden, Layers, IsBidirectional) = (recurrence, inputs, hidden, layers, bidirectional);
        _directions = new RecurrentParameters<T>[layers * Directions];
        for (int i = 0; i < _directions.Length; i++)
        {
            (int layer, int direction) = Math.DivRem(i, Directions);
            string suffix = string.Create(CultureInfo.InvariantCulture, $"_l{layer}{(direction == 1 ? "_reverse" : "")}");
            _directions[i] = new(Declare, suffix, layer == 0 ? inputs : hidden * Directions, hidden, recurrence.Gates, bias);
        }
        DropoutProbability = dropout;
        _dropouts = dropout == 0 ? [] : [.. Enumerable.Range(0, layers - 1).Select(layer => Child(string.Create(CultureInfo.InvariantCulture, $"dropout_l{layer}"), new Dropout<T>(dropout, seed, layer)))];
    }

    /// <summary>That an element between layers becomes 0.</summary>
    public double DropoutProbability { get; }

    /// <summary>The elements of an input.</summary>
    public int Inputs { get; }

    /// <summary>The elements of a direction's output.</summary>
    public int Hidden { get; }

    /// <summary>Layers, one above the other.</summary>
    public int Layers { get; }

    /// <summary>Whether each layer also runs from the end of the sequence; the two outputs stand side by side.</summary>
    public bool IsBidirectional { get; }

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    private int Directions => IsBidirectional ? 2 : 1;

    /// <summary>The last layer's outputs at all times, from states of zeros.</summary>
    public override Tensor<T> Forward(Tensor<T> x) => Run(x, null).Output;

    internal override string Attributes => string.Create(CultureInfo.InvariantCulture, $"({Hidden}, {Layers}{(IsBidirectional ? ", both" : "")})");

    /// <summary>All layers.</summary>
    /// <param name="x">[batch, time, inputs].</param>
    /// <param name="first">The first states, each [layers·directions, batch, hidden]; null for zeros.</param>
    /// <returns>The outputs [batch, time, hidden·directions], and the last states, each [layers·directions, batch, hidden].</returns>
    private protected (Tensor<T> Output, Tensor<T>[] Last) Run(Tensor<T> x, Tensor<T>[]? first)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank != 3 || x.Shape[2] != Inputs || x.Shape[1] == 0)
            throw new ArgumentException($"A recurrent network for {Inputs} inputs got shape {x.Shape}; expected [batch, time, {Inputs}] with at least one time.", nameof(x));
        Shape states = [_directions.Length, x.Shape[0], Hidden];
        foreach (Tensor<T> state in first ?? [])
        {
            if (state.Shape != states)
                throw new ArgumentException($"A first state of shape {state.Shape}; expected {states}: layers·directions, batch, hidden.", nameof(first));
        }
        var last = new Tensor<T>[_recurrence.States][];
        for (int s = 0; s < last.Length; s++)
            last[s] = new Tensor<T>[_directions.Length];
        for (int layer = 0; layer < Layers; layer++)
        {
            var outputs = new Tensor<T>[Directions];
            for (int direction = 0; direction < Directions; direction++)
            {
                int index = layer * Directions + direction;
                Tensor<T>[] state = [.. Enumerable.Range(0, _recurrence.States).Select(s => first is null ? Tensor.Zeros<T>([x.Shape[0], Hidden]) : first[s].Select(0, index))];
                outputs[direction] = Pass(_directions[index], x, ref state, fromEnd: direction == 1);
                for (int s = 0; s < state.Length; s++)
                    last[s][index] = state[s];
            }
            x = outputs.Length == 1 ? outputs[0] : TensorShapes.Concatenate(-1, outputs);
            if (layer < _dropouts.Length)
                x = _dropouts[layer].Invoke(x);
        }
        return (x, [.. last.Select(all => TensorRearrangements.Stack<T>(0, all))]);
    }

    // The inputs' share of all gates at all times is one product.
    private Tensor<T> Pass(RecurrentParameters<T> parameters, Tensor<T> x, ref Tensor<T>[] state, bool fromEnd)
    {
        int times = x.Shape[1];
        Tensor<T> gates = parameters.OfInput(x);
        var outputs = new Tensor<T>[times];
        for (int i = 0; i < times; i++)
        {
            int time = fromEnd ? times - 1 - i : i;
            state = _recurrence.Step(gates.Select(1, time), state, parameters.OfHidden(state[0]));
            outputs[time] = state[0];
        }
        return TensorRearrangements.Stack<T>(1, outputs);
    }
}

/// <summary>Weights and biases of one direction of one layer, or of a cell.</summary>
internal sealed class RecurrentParameters<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Parameter<T> _input, _hidden;
    private readonly Parameter<T>? _inputBias, _hiddenBias;

    public RecurrentParameters(
        Func<string, Shape, ParameterRole, IInitializer<T>, Parameter<T>> declare, string suffix, int inputs, int hidden, int gates, bool bias)
    {
        T bound = T.CreateTruncating(1 / Math.Sqrt(hidden));
        IInitializer<T> uniform = Initializers.Uniform(-bound, bound);
        _input = declare("weight_ih" + suffix, [gates * hidden, inputs], ParameterRole.Weight, uniform);
        _hidden = declare("weight_hh" + suffix, [gates * hidden, hidden], ParameterRole.Weight, uniform);
        if (!bias)
            return;
        _inputBias = declare("bias_ih" + suffix, [gates * hidden], ParameterRole.Bias, uniform);
        _hiddenBias = declare("bias_hh" + suffix, [gates * hidden], ParameterRole.Bias, uniform);
    }

    public Tensor<T> OfInput(Tensor<T> x) => x.Linear(_input.Tensor, _inputBias?.Tensor);

    public Tensor<T> OfHidden(Tensor<T> h) => h.Linear(_hidden.Tensor, _hiddenBias?.Tensor);
}
