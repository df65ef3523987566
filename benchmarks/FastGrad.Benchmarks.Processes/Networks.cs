using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;

namespace FastGrad.Benchmarks.Processes;

/// <summary>A network to be trained, with the shape of its batches.</summary>
/// <param name="Rows">The rows of a batch.</param>
/// <param name="Model">Makes the network.</param>
/// <param name="Inputs">Makes inputs of some rows.</param>
/// <param name="Target">Makes what the outputs are compared with.</param>
/// <param name="Loss">The loss.</param>
/// <param name="IsCounts">Whether the inputs are whole numbers.</param>
internal sealed record Example(
    int Rows, Func<Module<float>> Model, Func<int, Tensor<float>> Inputs, Func<int, Target<float>> Target, Loss<float> Loss, bool IsCounts = false);

/// <summary>Ten networks of different kinds.</summary>
internal static class Networks
{
    public static Dictionary<string, Example> All { get; } = new()
    {
        ["wide perceptron"] = Classifier(
            512, [1024], () => new Sequential<float>(new Linear<float>(1024, 4096), new Relu<float>(), new Linear<float>(4096, 10))),
        ["deep perceptron"] = Classifier(
            4096, [64], () => new Sequential<float>([new Linear<float>(64, 256), .. Repeat(12, _ => new Sequential<float>(new Gelu<float>(), new Linear<float>(256, 256))), new Linear<float>(256, 10)])),
        ["perceptron with batch norm"] = Classifier(
            4096, [64], () => new Sequential<float>([new Linear<float>(64, 512), .. Repeat(4, _ => new Sequential<float>(new BatchNorm1d<float>(512), new Relu<float>(), new Linear<float>(512, 512))), new Linear<float>(512, 10)])),
        ["perceptron with layer norm"] = Classifier(
            4096, [64], () => new Sequential<float>([new Linear<float>(64, 512), .. Repeat(4, _ => new Sequential<float>(new LayerNorm<float>([512]), new Silu<float>(), new Linear<float>(512, 512))), new Linear<float>(512, 10)])),
        ["regression"] = new(
            8192, () => new Sequential<float>(new Linear<float>(32, 256), new Tanh<float>(), new Linear<float>(256, 256), new Tanh<float>(), new Linear<float>(256, 1)),
            rows => Tensor.Zeros<float>([rows, 32]), rows => Tensor.Zeros<float>([rows, 1]), new MeanSquaredError<float>()),
        ["autoencoder"] = new(
            2048, () => new Sequential<float>(new Linear<float>(784, 256), new Relu<float>(), new Linear<float>(256, 32), new Linear<float>(32, 256), new Relu<float>(), new Linear<float>(256, 784), new Sigmoid<float>()),
            rows => Tensor.Zeros<float>([rows, 784]), rows => Tensor.Zeros<float>([rows, 784]), new MeanSquaredError<float>()),
        ["LeNet"] = Classifier(
            64, [1, 28, 28], () => new Sequential<float>(
                new Conv2d<float>(1, 32, 3), new Relu<float>(), new Conv2d<float>(32, 64, 3), new Relu<float>(), new MaxPool2d<float>(2),
                new Flatten<float>(), new Linear<float>(64 * 12 * 12, 128), new Relu<float>(), new Linear<float>(128, 10))),
        ["residual convolutions"] = Classifier(
            32, [3, 32, 32], () => new Sequential<float>([
                new Conv2d<float>(3, 32, 3, new() { Padding = 1 }),
                .. Repeat(3, _ => new Residual<float>(new Sequential<float>(new Conv2d<float>(32, 32, 3, new() { Padding = 1 }), new BatchNorm2d<float>(32), new Relu<float>()))),
                new MaxPool2d<float>(4), new Flatten<float>(), new Linear<float>(32 * 8 * 8, 10)])),
        ["transformer blocks"] = Classifier(
            16, [128], () => new Sequential<float>(
                new Embedding<float>(100, 128), new TransformerDecoderBlock<float>(128, 4), new TransformerDecoderBlock<float>(128, 4),
                new Flatten<float>(), new Linear<float>(128 * 128, 10)), isCounts: true),
        ["bag of embeddings"] = Classifier(
            1024, [32], () => new Sequential<float>(
                new Embedding<float>(5000, 64), new Flatten<float>(), new Linear<float>(32 * 64, 256), new Relu<float>(), new Linear<float>(256, 10)), isCounts: true),
    };

    private static Example Classifier(int rows, int[] shape, Func<Module<float>> model, bool isCounts = false) => new(
        rows, model, r => Tensor.Zeros<float>(Shape.Create([r, .. shape])), r => Tensor.Zeros<int>([r]), new CrossEntropy<float>(), isCounts);

    private static IEnumerable<Module<float>> Repeat(int count, Func<int, Module<float>> make) => Enumerable.Range(0, count).Select(make);
}
