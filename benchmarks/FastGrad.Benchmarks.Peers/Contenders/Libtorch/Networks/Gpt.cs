using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn.functional;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch.Networks;

/// <summary>A small GPT: 4 pre-norm blocks of width 128 with 4 heads, context 64, vocabulary 65; cross entropy, AdamW.</summary>
/// <remarks>
/// The order of parameters, which seeds them: token table, position table, blocks, last norm, head; in a block both norms come first,
/// then the fused projection to queries, keys and values, the projection back, and the two layers of the MLP.
/// </remarks>
internal sealed class Gpt : Network
{
    private const int Layers = 4, Width = 128, Heads = 4, Context = 64, Vocabulary = 65;

    private readonly int _batch;
    private readonly torch.Tensor _tokens, _targets, _places = torch.arange(Context);
    private readonly Embedding _tokenTable = torch.nn.Embedding(Vocabulary, Width), _placeTable = torch.nn.Embedding(Context, Width);
    private readonly Parameter _normScale, _normShift, _head;
    private readonly Block[] _blocks = new Block[Layers];

    public Gpt(int batch)
    {
        _batch = batch;
        _tokens = Labels(batch * Context, 3, Vocabulary, batch, Context);
        _targets = Labels(batch * Context, 5, Vocabulary);
        (_tokenTable.weight, _placeTable.weight) = (Weight(Vocabulary, Width), Weight(Context, Width));
        foreach (ref Block block in _blocks.AsSpan())
            block = new Block(
                Scale(Width), Bias(Width), Scale(Width), Bias(Width),
                Weight(3 * Width, Width), Bias(3 * Width), Weight(Width, Width), Bias(Width),
                Weight(4 * Width, Width), Bias(4 * Width), Weight(Width, 4 * Width), Bias(Width));
        (_normScale, _normShift, _head) = (Scale(Width), Bias(Width), Weight(Vocabulary, Width));
        UseAdamW();
    }

    protected override torch.Tensor Loss()
    {
        torch.Tensor x = _tokenTable.call(_tokens) + _placeTable.call(_places);
        foreach (Block block in _blocks)
        {
            x = x + linear(Attend(linear(Normalize(x, block.Scale0, block.Shift0), block.Qkv, block.QkvBias)), block.Projection, block.ProjectionBias);
            x = x + linear(gelu(linear(Normalize(x, block.Scale1, block.Shift1), block.Up, block.UpBias)), block.Down, block.DownBias);
        }
        return cross_entropy(linear(Normalize(x, _normScale, _normShift), _head).view(-1, Vocabulary), _targets);
    }

    private torch.Tensor Attend(torch.Tensor qkv)
    {
        torch.Tensor[] parts = qkv.chunk(3, dim: -1);
        torch.Tensor y = scaled_dot_product_attention(Split(parts[0]), Split(parts[1]), Split(parts[2]), is_casual: true);
        return y.transpose(1, 2).reshape(_batch, Context, Width);

        torch.Tensor Split(torch.Tensor part) => part.view(_batch, Context, Heads, Width / Heads).transpose(1, 2);
    }

    private static torch.Tensor Normalize(torch.Tensor x, Parameter scale, Parameter shift) => layer_norm(x, [Width], scale, shift);

    private sealed record Block(
        Parameter Scale0, Parameter Shift0, Parameter Scale1, Parameter Shift1,
        Parameter Qkv, Parameter QkvBias, Parameter Projection, Parameter ProjectionBias,
        Parameter Up, Parameter UpBias, Parameter Down, Parameter DownBias);
}
