using FastGrad.Workloads.Measuring;
using TorchSharp;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch;

/// <summary><c>conv.{forward,input,weight}.NxCxHxW.KxRxS[.pP][.sS][.gG]</c> by libtorch, which is oneDNN's; results are allocated.</summary>
internal sealed class TorchConvolutions() : Peer("libtorch")
{
    public static TorchConvolutions Instance { get; } = new();

    public override string Version => TorchLibrary.Version;

    public override WorkloadRun? Prepare(string id, int threads)
    {
        TorchLibrary.Prepare(threads);
        string[] parts = id.Split('.');
        long[] input = [.. parts[2].Split('x').Select(long.Parse)], filter = [.. parts[3].Split('x').Select(long.Parse)];
        long padding = Extra('p', 0), stride = Extra('s', 1), groups = Extra('g', 1);
        torch.Tensor x = TorchLibrary.Uniform(1, -1, 1, input);
        torch.Tensor w = TorchLibrary.Uniform(2, -1, 1, filter[0], input[1] / groups, filter[1], filter[2]);
        return parts[1] switch
        {
            "forward" => TorchGradient.Forward(threads, Convolve),
            "input" => TorchGradient.Backward(threads, [x], Convolve, Gradient),
            "weight" => TorchGradient.Backward(threads, [w], Convolve, Gradient),
            _ => null,
        };

        // A filter of one row is one-dimensional: there is nothing to pad above and below.
        torch.Tensor Convolve() =>
            torch.nn.functional.conv2d(x, w, strides: [stride, stride], padding: [filter[1] == 1 ? 0 : padding, padding], groups: groups);

        torch.Tensor Gradient(torch.Tensor y) => TorchLibrary.Uniform(3, -1, 1, y.shape);

        long Extra(char letter, long otherwise) =>
            parts.Skip(4).Where(part => part[0] == letter).Select(part => long.Parse(part[1..])).DefaultIfEmpty(otherwise).Single();
    }
}
