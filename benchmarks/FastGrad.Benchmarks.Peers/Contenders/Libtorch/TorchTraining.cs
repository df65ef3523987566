using FastGrad.Benchmarks.Peers.Contenders.Libtorch.Networks;
using FastGrad.Workloads.Measuring;
using TorchSharp;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch;

/// <summary><c>train.*</c> by TorchSharp, as its users write it: zero gradients, forward, loss, backward, step.</summary>
internal sealed class TorchTraining() : Peer("TorchSharp")
{
    private static readonly Dictionary<string, Func<Network>> s_networks = new()
    {
        ["train.xor.b4"] = () => new Xor(),
        ["train.logreg30.b64"] = () => new Logistic(batch: 64),
        ["train.mnist_mlp.b64"] = () => new MnistMlp(batch: 64),
        ["train.mnist_mlp.b256"] = () => new MnistMlp(batch: 256),
        ["train.lenet.b64"] = () => new LeNet(batch: 64),
        ["train.gpt4x128.b16"] = () => new Gpt(batch: 16),
        ["train.convbnrelu64.b16"] = () => new ConvolutionBlock(batch: 16),
    };

    public static TorchTraining Instance { get; } = new();

    public override string Version => $"{typeof(torch).Assembly.GetName().Version!.ToString(3)}, libtorch {TorchLibrary.Version}";

    /// <summary>The ids that there are.</summary>
    public static IEnumerable<string> Ids => s_networks.Keys;

    public override WorkloadRun? Prepare(string id, int threads)
    {
        TorchLibrary.Prepare(threads);
        if (!s_networks.TryGetValue(id, out Func<Network>? make))
            return null;
        torch.set_grad_enabled(true);
        Network network = make();
        torch.Tensor loss = torch.zeros(1);
        return new WorkloadRun(
            () =>
            {
                loss.Dispose();
                loss = network.Step();
            },
            () => loss.item<float>(), threads,
            () =>
            {
                loss.Dispose();
                torch.set_grad_enabled(false);
            });
    }
}
