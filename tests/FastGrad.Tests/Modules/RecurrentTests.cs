using FastGrad.Autograd;
using FastGrad.Modules;
using Xunit;

namespace FastGrad.Tests.Modules;

/// <summary>Recurrent networks against their equations, written out gate by gate with elementary operations: outputs, last states, all gradients.</summary>
public sealed class RecurrentTests
{
    public static TheoryData<string, int, bool, bool> Networks()
    {
        TheoryData<string, int, bool, bool> networks = [];
        foreach (string kind in new[] { "tanh", "relu", "lstm", "gru" })
        {
            networks.Add(kind, 1, false, true);
            networks.Add(kind, 2, false, false);
            networks.Add(kind, 2, true, true);
        }
        return networks;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void NetworksAreTheirEquations(string kind, int layers, bool bidirectional, bool bias)
    {
        const int batch = 3, time = 4, inputs = 5, hidden = 2;
        int directions = bidirectional ? 2 : 1;
        Tensor<double> x = Random([batch, time, inputs], 1), h = Random([layers * directions, batch, hidden], 2), c = Random([layers * directions, batch, hidden], 3);
        Tensor<double> w = Random([batch, time, hidden * directions], 4), v = Random([layers * directions, batch, hidden], 5);
        RecurrentModule<double> network = kind switch
        {
            "lstm" => new Lstm<double>(inputs, hidden, layers, bidirectional, bias),
            "gru" => new Gru<double>(inputs, hidden, layers, bidirectional, bias),
            _ => new Rnn<double>(inputs, hidden, layers, bidirectional, bias, relu: kind == "relu"),
        };
        network.Initialize(9);
        Dictionary<string, Tensor<double>> weights = network.NamedParameters().ToDictionary(p => p.Name, p => p.Tensor);
        Tensor<double>[] leaves = [x, h, c];
        foreach (Tensor<double> leaf in leaves)
            leaf.RequiresGrad = true;

        (Tensor<double> Output, Tensor<double> Hidden, Tensor<double>? Cell) actual = network switch
        {
            Lstm<double> lstm => lstm.Forward(x, h, c),
            Gru<double> gru => (gru.Forward(x, h).Output, gru.Forward(x, h).Hidden, null),
            _ => (((Rnn<double>)network).Forward(x, h).Output, ((Rnn<double>)network).Forward(x, h).Hidden, null),
        };
        double[][] found = Gradients(actual.Output, actual.Hidden, actual.Cell);
        (Tensor<double> Output, Tensor<double> Hidden, Tensor<double> Cell) expected = Equations(kind, weights, x, h, c, layers, bidirectional);
        double[][] wanted = Gradients(expected.Output, expected.Hidden, kind == "lstm" ? expected.Cell : null);
        Near(expected.Output.ToArray(), actual.Output.ToArray());
        Near(expected.Hidden.ToArray(), actual.Hidden.ToArray());
        for (int i = 0; i < wanted.Length; i++)
            Near(wanted[i], found[i]);

        double[][] Gradients(Tensor<double> output, Tensor<double> last, Tensor<double>? cell)
        {
            network.ZeroGrad();
            foreach (Tensor<double> leaf in leaves)
                leaf.ZeroGrad();
            Tensor<double> loss = (output * w).Sum() + (last * v).Sum();
            (cell is null ? loss : loss + (cell * v * v).Sum()).Backward();
            return [.. leaves.Concat(weights.Values).Select(leaf => leaf.Grad?.ToArray() ?? [])];
        }
    }

    [Fact]
    public void CellsAreSteps()
    {
        Tensor<double> x = Random([3, 4, 5], 1);
        Lstm<double> network = new(5, 2);
        LstmCell<double> cell = new(5, 2);
        Gru<double> gru = new(5, 2);
        GruCell<double> gruCell = new(5, 2);
        Rnn<double> rnn = new(5, 2);
        RnnCell<double> rnnCell = new(5, 2);
        foreach (Module<double> module in new Module<double>[] { network, cell, gru, gruCell, rnn, rnnCell })
            module.Initialize(3);
        Tensor<double> h = Tensor.Zeros<double>([3, 2]), c = h, g = h, r = h;
        Assert.Equal(cell.Forward(x.Select(1, 0)).ToArray(), cell.Forward(x.Select(1, 0), h, c).Hidden.ToArray());
        for (int t = 0; t < 4; t++)
        {
            (h, c) = cell.Forward(x.Select(1, t), h, c);
            g = gruCell.Forward(x.Select(1, t), g);
            r = rnnCell.Forward(x.Select(1, t), r);
            Near(network.Forward(x).Select(1, t).ToArray(), h.ToArray());
            Near(gru.Forward(x).Select(1, t).ToArray(), g.ToArray());
            Near(rnn.Forward(x).Select(1, t).ToArray(), r.ToArray());
        }
        Assert.Equal(["weight_ih", "weight_hh", "bias_ih", "bias_hh"], cell.NamedParameters().Select(p => p.Name));
        Assert.Equal([8, 5], cell.NamedParameters()[0].Parameter.Shape.Axes.ToArray());
    }

    [Fact]
    public void NamesAndShapesAreTorchs()
    {
        Gru<float> network = new(5, 2, layers: 2, bidirectional: true);
        Assert.Equal(
            ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_ih_l0_reverse", "weight_hh_l0_reverse", "bias_ih_l0_reverse", "bias_hh_l0_reverse", "weight_ih_l1"],
            network.NamedParameters().Take(9).Select(p => p.Name));
        Assert.Equal([6, 4], network.NamedParameters()[8].Parameter.Shape.Axes.ToArray());
        network.Initialize(1);
        Assert.Contains("expected [batch, time, 5]", Assert.Throws<ArgumentException>(() => network.Forward(Tensor.Zeros<float>([2, 3, 4]))).Message);
        Assert.Contains("expected [4, 2, 2]", Assert.Throws<ArgumentException>(() => network.Forward(Tensor.Zeros<float>([2, 3, 5]), Tensor.Zeros<float>([2, 2, 2]))).Message);
    }

    // Every gate has its own product, and all steps of all layers are written with exp alone.
    private static (Tensor<double> Output, Tensor<double> Hidden, Tensor<double> Cell) Equations(
        string kind, Dictionary<string, Tensor<double>> weights, Tensor<double> x, Tensor<double> h, Tensor<double> c, int layers, bool bidirectional)
    {
        int hidden = h.Shape[2], directions = bidirectional ? 2 : 1;
        List<Tensor<double>> lastH = [], lastC = [];
        Tensor<double>[] sequence = [.. Enumerable.Range(0, x.Shape[1]).Select(t => x.Select(1, t))];
        for (int layer = 0; layer < layers; layer++)
        {
            var outputs = new Tensor<double>[directions][];
            for (int d = 0; d < directions; d++)
            {
                string suffix = $"_l{layer}{(d == 1 ? "_reverse" : "")}";
                Tensor<double> Gate(string side, int gate, Tensor<double> input)
                {
                    Tensor<double> product = TensorProducts.Einsum("bi,gi->bg", input, weights[$"weight_{side}{suffix}"].Slice(0, gate * hidden, hidden));
                    return weights.TryGetValue($"bias_{side}{suffix}", out Tensor<double>? bias) ? product + bias.Slice(0, gate * hidden, hidden) : product;
                }
                Tensor<double> state = h.Select(0, layer * directions + d), cell = c.Select(0, layer * directions + d);
                outputs[d] = new Tensor<double>[sequence.Length];
                foreach (int t in d == 0 ? Enumerable.Range(0, sequence.Length) : Enumerable.Range(0, sequence.Length).Reverse())
                {
                    Tensor<double> Both(int gate) => Gate("ih", gate, sequence[t]) + Gate("hh", gate, state);
                    switch (kind)
                    {
                        case "lstm":
                            cell = Sigma(Both(1)) * cell + Sigma(Both(0)) * Hyperbolic(Both(2));
                            state = Sigma(Both(3)) * Hyperbolic(cell);
                            break;
                        case "gru":
                            Tensor<double> candidate = Hyperbolic(Gate("ih", 2, sequence[t]) + Sigma(Both(0)) * Gate("hh", 2, state)), z = Sigma(Both(1));
                            state = (1.0 - z) * candidate + z * state;
                            break;
                        case "relu":
                            state = Both(0).Maximum(Tensor.Scalar(0.0));
                            break;
                        default:
                            state = Hyperbolic(Both(0));
                            break;
                    }
                    outputs[d][t] = state;
                }
                lastH.Add(state);
                lastC.Add(cell);
            }
            sequence = [.. Enumerable.Range(0, sequence.Length).Select(t => directions == 1 ? outputs[0][t] : TensorShapes.Concatenate(1, outputs[0][t], outputs[1][t]))];
        }
        return (TensorRearrangements.Stack(1, sequence), TensorRearrangements.Stack<double>(0, [.. lastH]), TensorRearrangements.Stack<double>(0, [.. lastC]));
    }

    private static Tensor<double> Sigma(Tensor<double> x) => 1.0 / (1.0 + (-x).Exp());

    private static Tensor<double> Hyperbolic(Tensor<double> x) => 1.0 - 2.0 / ((2.0 * x).Exp() + 1.0);

    private static Tensor<double> Random(Shape shape, int seed)
    {
        var random = new Random(seed);
        return Tensor.From<double>([.. Enumerable.Range(0, shape.Length).Select(_ => random.NextDouble() * 2 - 1)], shape);
    }

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-12);
    }
}
