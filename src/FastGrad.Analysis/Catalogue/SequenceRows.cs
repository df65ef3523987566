using FastGrad.Autograd;
using FastGrad.Modules;
using static FastGrad.Analysis.Catalogue.LayerRows;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Layers over sequences: recurrent networks, attention, transformer blocks.</summary>
internal static class SequenceRows
{
    public static IEnumerable<OperatorRow> All => [.. Cells, .. Networks, .. Attentions];

    private static IEnumerable<OperatorRow> Cells =>
    [
        Layers.Row("rnn-cell-layer", typeof(RnnCell<>), [[2, 3], [2, 2]], () => new RnnCell<double>(3, 2), () => new RnnCell<float>(3, 2), (cell, x) => cell.Forward(x[0], x[1]), (cell, x) => cell.Forward(x[0], x[1]))
            .Like(x => Elman(x[0], x[1], x[2..])),
        Layers.Row("lstm-cell-layer", typeof(LstmCell<>), [[2, 2], [2, 1], [2, 1]], () => new LstmCell<double>(2, 1), () => new LstmCell<float>(2, 1), (cell, x) => Both(cell.Forward(x[0], x[1], x[2])), (cell, x) => Both(cell.Forward(x[0], x[1], x[2])))
            .Like(x => Both(LongShort(x[0], (x[1], x[2]), x[3..]))),
        Layers.Row("gru-cell-layer", typeof(GruCell<>), [[2, 2], [2, 1]], () => new GruCell<double>(2, 1), () => new GruCell<float>(2, 1), (cell, x) => cell.Forward(x[0], x[1]), (cell, x) => cell.Forward(x[0], x[1]))
            .Like(x => Gated(x[0], x[1], x[2..])),
    ];

    private static IEnumerable<OperatorRow> Networks =>
    [
        Layers.Row("rnn-layer", typeof(Rnn<>), [2, 3, 2], () => new Rnn<double>(2, 2), () => new Rnn<float>(2, 2))
            .Like(x => Over(x[0], Tensor.Zeros<double>([2, 2]), (xt, h) => Elman(xt, h, x[1..]), h => h)),
        Layers.Row("lstm-layer", typeof(Lstm<>), [2, 3, 2], () => new Lstm<double>(2, 1), () => new Lstm<float>(2, 1))
            .Like(x => Over(x[0], (Tensor.Zeros<double>([2, 1]), Tensor.Zeros<double>([2, 1])), (xt, state) => LongShort(xt, state, x[1..]), state => state.Item1)),
        Layers.Row("lstm-layer-both-ways", typeof(Lstm<>), [1, 2, 2], () => new Lstm<double>(2, 1, layers: 2, bidirectional: true), () => new Lstm<float>(2, 1, layers: 2, bidirectional: true)),
        Layers.Row("gru-layer", typeof(Gru<>), [2, 3, 2], () => new Gru<double>(2, 1), () => new Gru<float>(2, 1))
            .Like(x => Over(x[0], Tensor.Zeros<double>([2, 1]), (xt, h) => Gated(xt, h, x[1..]), h => h)),
    ];

    private static IEnumerable<OperatorRow> Attentions =>
    [
        Layers.Row("attention-layer", typeof(MultiHeadAttention<>), [1, 3, 4], () => new MultiHeadAttention<double>(4, 2), () => new MultiHeadAttention<float>(4, 2))
            .Like(x => Heads(x[0], x[0], x[1..], 2, causal: false)),
        Layers.Row("attention-layer-causal", typeof(MultiHeadAttention<>), [2, 3, 2], () => new MultiHeadAttention<double>(2, 1, causal: true), () => new MultiHeadAttention<float>(2, 1, causal: true))
            .Like(x => Heads(x[0], x[0], x[1..], 1, causal: true)),
        Layers.Row("attention-layer-of-memory", typeof(MultiHeadAttention<>), [[1, 2, 2], [1, 3, 2]], () => new MultiHeadAttention<double>(2, 2), () => new MultiHeadAttention<float>(2, 2), (layer, x) => layer.Forward(x[0], x[1], null), (layer, x) => layer.Forward(x[0], x[1], null))
            .Like(x => Heads(x[0], x[1], x[2..], 2, causal: false)),
        // Three elements a position: a norm of two would be a sign, nearly without a derivative.
        Layers.Row("transformer-encoder-layer", typeof(TransformerEncoderBlock<>), [1, 2, 3], () => new TransformerEncoderBlock<double>(3, 1, 2), () => new TransformerEncoderBlock<float>(3, 1, 2))
            .Like(x => Block(x, causal: false)),
        Layers.Row("transformer-encoder-layer-post-norm", typeof(TransformerEncoderBlock<>), [1, 2, 3], () => new TransformerEncoderBlock<double>(3, 1, 2, normFirst: false), () => new TransformerEncoderBlock<float>(3, 1, 2, normFirst: false))
            .Like(x => PostNormBlock(x, causal: false)),
        Layers.Row("transformer-decoder-layer", typeof(TransformerDecoderBlock<>), [1, 2, 3], () => new TransformerDecoderBlock<double>(3, 1, 2), () => new TransformerDecoderBlock<float>(3, 1, 2))
            .Like(x => Block(x, causal: true)),
        Layers.Row("transformer-decoder-layer-of-memory", typeof(TransformerDecoderBlock<>), [[1, 2, 3], [1, 3, 3]], () => new TransformerDecoderBlock<double>(3, 1, 1, memory: true), () => new TransformerDecoderBlock<float>(3, 1, 1, memory: true), (layer, x) => layer.Forward(x[0], x[1]), (layer, x) => layer.Forward(x[0], x[1]))
            .Like(x => BlockOfMemory(x[0], x[1], x[2..])),
    ];

    private static Tensor<T> Both<T>((Tensor<T> First, Tensor<T> Second) state)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => Layers.Together(state.First, state.Second);

    // Parameters: weight_ih, weight_hh, bias_ih, bias_hh; gates stand below each other in the weights.
    private static Tensor<double> Gate(Tensor<double> x, Tensor<double> h, Tensor<double>[] p, int gate, Func<Tensor<double>, Tensor<double>, Tensor<double>> join)
    {
        int hidden = h.Shape[1];
        return join(x.MatMul(Part(p[0]).Transpose()) + Part(p[2]), h.MatMul(Part(p[1]).Transpose()) + Part(p[3]));

        Tensor<double> Part(Tensor<double> all) => all.Slice(0, gate * hidden, hidden);
    }

    private static Tensor<double> Elman(Tensor<double> x, Tensor<double> h, Tensor<double>[] p) => Gate(x, h, p, 0, (a, b) => a + b).Tanh();

    private static (Tensor<double> Hidden, Tensor<double> Cell) LongShort(Tensor<double> x, (Tensor<double> Hidden, Tensor<double> Cell) state, Tensor<double>[] p)
    {
        Tensor<double>[] gates = [.. Enumerable.Range(0, 4).Select(k => Gate(x, state.Hidden, p, k, (a, b) => a + b))];
        Tensor<double> cell = Logistic(gates[1]) * state.Cell + Logistic(gates[0]) * gates[2].Tanh();
        return (Logistic(gates[3]) * cell.Tanh(), cell);
    }

    private static Tensor<double> Gated(Tensor<double> x, Tensor<double> h, Tensor<double>[] p)
    {
        Tensor<double> reset = Logistic(Gate(x, h, p, 0, (a, b) => a + b)), update = Logistic(Gate(x, h, p, 1, (a, b) => a + b));
        Tensor<double> candidate = Gate(x, h, p, 2, (a, b) => a + reset * b).Tanh();
        return (1.0 - update) * candidate + update * h;
    }

    private static Tensor<double> Over<TState>(Tensor<double> x, TState state, Func<Tensor<double>, TState, TState> step, Func<TState, Tensor<double>> output)
    {
        List<Tensor<double>> outputs = [];
        for (int time = 0; time < x.Shape[1]; time++)
        {
            state = step(x.Select(1, time), state);
            outputs.Add(output(state).Unsqueeze(1));
        }
        return TensorShapes.Concatenate<double>(1, [.. outputs]);
    }

    // Parameters: in_proj_weight, in_proj_bias, out_proj.weight, out_proj.bias.
    private static Tensor<double> Heads(Tensor<double> query, Tensor<double> memory, Tensor<double>[] p, int heads, bool causal)
    {
        int width = query.Shape[2], part = width / heads, times = query.Shape[1], keys = memory.Shape[1];
        Tensor<double> hidden = Tensor.From<double>(IndexLoops.Fill([times, keys], i => causal && i[1] > i[0] ? -1e9 : 0), [times, keys]);
        List<Tensor<double>> outputs = [];
        for (int head = 0; head < heads; head++)
        {
            Tensor<double> weights = (Project(query, 0).MatMul(Project(memory, 1).Transpose()) / Math.Sqrt(part) + hidden).Exp();
            outputs.Add((weights / weights.Sum([2], keepAxes: true)).MatMul(Project(memory, 2)));

            Tensor<double> Project(Tensor<double> x, int which) =>
                x.MatMul(p[0].Slice(0, which * width + head * part, part).Transpose()) + p[1].Slice(0, which * width + head * part, part);
        }
        return TensorShapes.Concatenate<double>(2, [.. outputs]).MatMul(p[2].Transpose()) + p[3];
    }

    // Parameters: norm1 (weight, bias), norm2, attention (four), linear1, linear2.
    private static Tensor<double> Block(Tensor<double>[] x, bool causal)
    {
        Tensor<double> normed = Scaled(x[0], x[1..3]);
        Tensor<double> y = x[0] + Heads(normed, normed, x[5..9], 1, causal);
        return y + Network(Scaled(y, x[3..5]), x[9..]);
    }

    private static Tensor<double> PostNormBlock(Tensor<double>[] x, bool causal)
    {
        Tensor<double> y = Scaled(x[0] + Heads(x[0], x[0], x[5..9], 1, causal), x[1..3]);
        return Scaled(y + Network(y, x[9..]), x[3..5]);
    }

    // Parameters: norm1, norm2, norm3, attention to itself, attention to the memory, linear1, linear2.
    private static Tensor<double> BlockOfMemory(Tensor<double> x, Tensor<double> memory, Tensor<double>[] p)
    {
        Tensor<double> normed = Scaled(x, p[..2]);
        Tensor<double> y = x + Heads(normed, normed, p[6..10], 1, causal: true);
        y += Heads(Scaled(y, p[2..4]), memory, p[10..14], 1, causal: false);
        return y + Network(Scaled(y, p[4..6]), p[14..]);
    }

    private static Tensor<double> Scaled(Tensor<double> x, Tensor<double>[] p) => Normal(x, 1e-5, 2) * p[0] + p[1];

    private static Tensor<double> Network(Tensor<double> x, Tensor<double>[] p)
    {
        Tensor<double> inner = x.MatMul(p[0].Transpose()) + p[1];
        return (inner * ((inner / Math.Sqrt(2)).Erf() + 1.0) * 0.5).MatMul(p[2].Transpose()) + p[3];
    }
}
