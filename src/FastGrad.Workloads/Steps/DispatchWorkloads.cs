using FastGrad.Autograd;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Workers;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Steps;

/// <summary><c>dispatch.*</c>: what an operator costs beside its kernel: a chain of multiplications and negations of one element.</summary>
/// <remarks>
/// <c>kernels</c> and <c>backward_kernels</c> call the kernels on spans, nothing else: subtract them. <c>forward</c> records a tape in a
/// scope that reuses its tensors, <c>backward</c> walks it too, <c>replay</c> does the same as a captured program. One call a kernel, so twice the length backward.
/// <c>fork</c> shares out a part that does nothing for each thread: a fork and join.
/// </remarks>
public static class DispatchWorkloads
{
    private const int Length = 32;
    private const float Factor = 0.99f;

    /// <summary>The chain in five ways, and forks.</summary>
    public static IEnumerable<Workload> All =>
    [
        Make("kernels", Length, Kernels),
        Make("forward", Length, Forward),
        Make("backward_kernels", 2 * Length, BackwardKernels),
        Make("backward", 2 * Length, Backward),
        Make("replay", 2 * Length, Replay),
        new($"dispatch.fork.{Length}", Length, WorkUnit.Calls, Forks),
    ];

    private static Workload Make(string name, int calls, Func<WorkloadRun> prepare) => new($"dispatch.{name}.{Length}", calls, WorkUnit.Calls, _ => prepare());

    private static WorkloadRun Kernels()
    {
        float[] values = new float[Length + 1], factor = [Factor];
        values[0] = 1;
        return new(() => RunForward(values, factor), () => values[^1]);
    }

    private static WorkloadRun BackwardKernels()
    {
        float[] values = new float[Length + 1], gradients = new float[Length + 1], factor = [Factor];
        (values[0], gradients[^1]) = (1, 1);
        return new(
            () =>
            {
                RunForward(values, factor);
                for (int i = Length; i > 0; i -= 2)
                {
                    Unary.Backward(default(Negate<float>), gradients.AsSpan(i, 1), default, gradients.AsSpan(i - 1, 1), accumulate: false);
                    Binary.BackwardLeft(
                        default(Multiply<float>), values.AsSpan(i - 2, 1), factor, default, gradients.AsSpan(i - 1, 1), gradients.AsSpan(i - 2, 1), accumulate: false);
                }
            },
            () => gradients[0]);
    }

    private static void RunForward(float[] values, float[] factor)
    {
        for (int i = 0; i < Length; i += 2)
        {
            Binary.Apply(default(Multiply<float>), values.AsSpan(i, 1), factor, values.AsSpan(i + 1, 1));
            Unary.Apply(default(Negate<float>), values.AsSpan(i + 1, 1), values.AsSpan(i + 2, 1));
        }
    }

    private static WorkloadRun Forward()
    {
        (Tensor<float> x, Tensor<float> w) = Operands();
        float last = 0;
        return new(
            () =>
            {
                using TensorScope scope = new(reuseTensors: true);
                last = Chain(x, w).Item();
            },
            () => last);
    }

    private static WorkloadRun Backward()
    {
        (Tensor<float> x, Tensor<float> w) = Operands();
        return new(
            () =>
            {
                using TensorScope scope = new(reuseTensors: true);
                x.ZeroGrad();
                Chain(x, w).Backward();
            },
            () => x.Grad!.Item());
    }

    private static WorkloadRun Replay()
    {
        (Tensor<float> x, Tensor<float> w) = Operands();
        Program program = Capture.Prepare<float>(() =>
        {
            x.ZeroGrad();
            Tensor<float> y = Chain(x, w);
            y.Backward();
            return [y];
        });
        return new(program.Run, () => x.Grad!.Item());
    }

    private static WorkloadRun Forks(int threads)
    {
        WorkerTeam team = new(threads);
        return new(
            () =>
            {
                Nothing nothing = default;
                for (int i = 0; i < Length; i++)
                    team.Run(threads, ref nothing);
            },
            () => 0, threads, team.Dispose);
    }

    private readonly struct Nothing : IWorkerJob
    {
        public void Execute(int part)
        {
        }
    }

    private static (Tensor<float> X, Tensor<float> W) Operands()
    {
        Tensor<float> x = Tensor.From<float>([1], [1]);
        x.RequiresGrad = true;
        return (x, Tensor.From<float>([Factor], [1]));
    }

    private static Tensor<float> Chain(Tensor<float> x, Tensor<float> w)
    {
        for (int i = 0; i < Length; i += 2)
            x = -(x * w);
        return x;
    }
}
