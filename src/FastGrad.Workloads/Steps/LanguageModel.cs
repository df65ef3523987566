using FastGrad.Autograd;
using FastGrad.Modules;

namespace FastGrad.Workloads.Steps;

/// <summary>A small causal language model: token and position embeddings, transformer blocks, a final layer norm, a head without bias.</summary>
/// <remarks>Tokens [batch, time] come as whole numbers; the result is logits [batch, time, vocabulary].</remarks>
internal sealed class LanguageModel : Module<float>
{
    private readonly Embedding<float> _token, _position;
    private readonly Sequential<float> _blocks;
    private readonly LayerNorm<float> _norm;
    private readonly Linear<float> _head;

    public LanguageModel(int vocabulary, int context, int width, int heads, int layers)
    {
        _token = Child("token", new Embedding<float>(vocabulary, width));
        _position = Child("position", new Embedding<float>(context, width));
        _blocks = Child("blocks", new Sequential<float>([.. Enumerable.Range(0, layers).Select(_ => new TransformerDecoderBlock<float>(width, heads))]));
        _norm = Child("norm", new LayerNorm<float>([width]));
        _head = Child("head", new Linear<float>(width, vocabulary, bias: false));
    }

    protected override bool IsReplayable => true;

    public override Tensor<float> Forward(Tensor<float> x)
    {
        Tensor<float> positions = _position.Weight.Tensor;
        if (x.Shape[1] < _position.Count)
            positions = positions.Slice(0, 0, x.Shape[1]);
        return _head.Invoke(_norm.Invoke(_blocks.Invoke(_token.Invoke(x) + positions)));
    }
}
