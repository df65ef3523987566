using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Modules;

/// <summary>Functions that see and replace what goes through a module.</summary>
public sealed class ModuleHookTests
{
    [Fact]
    public void ForwardHooksSeeAndReplaceInputsAndOutputs()
    {
        Linear<double> linear = Doubling();
        Sequential<double> model = new(linear);
        List<string> seen = [];
        using ModuleHook before = linear.RegisterForwardPreHook((m, x) => x + 1.0);
        using ModuleHook after = linear.RegisterForwardHook((m, x, y) =>
        {
            seen.Add($"{x.Item()} to {y.Item()}");
            return y * 10.0;
        });
        Assert.Equal(80.0, model.Invoke(Tensor.From<double>([3.0], [1, 1])).Item());
        Assert.Equal(["4 to 8"], seen);
        before.Dispose();
        after.Dispose();
        Assert.Equal(6.0, model.Invoke(Tensor.From<double>([3.0], [1, 1])).Item());
    }

    [Fact]
    public void BackwardHooksSeeTheGradientsThroughTheirModuleAlone()
    {
        Linear<double> linear = Doubling();
        Tensor<double> x = Tensor.From<double>([3.0], [1, 1]);
        x.RequiresGrad = true;
        List<(double Input, double Output)> seen = [];
        linear.RegisterBackwardHook((m, dx, dy) => seen.Add((dx!.Item(), dy.Item())));
        (linear.Invoke(x) * 5.0 + x * 7.0).Sum().Backward();
        Assert.Equal([(10.0, 5.0)], seen);
        Assert.Equal(17.0, x.Grad!.Item());

        // Data requires no gradient: the weights' do come through.
        seen.Clear();
        bool constant = false;
        using ModuleHook also = linear.RegisterBackwardHook((m, dx, dy) => constant = dx is null);
        Assert.Throws<NullReferenceException>(() => linear.Invoke(x.Detach()).Sum().Backward()); // the first hook's own mistake is passed on
        Assert.False(constant);
    }

    [Fact]
    public void ATrainingWithHooksRunsThemInEveryStepAndGivesTheSameBits()
    {
        float[] plain = Train(hooked: false, out _), hooked = Train(hooked: true, out int calls);
        Assert.Equal(plain, hooked);
        Assert.Equal(5, calls);

        static float[] Train(bool hooked, out int calls)
        {
            Sequential<float> model = new(new Linear<float>(3, 2));
            model.Initialize(1);
            int count = 0;
            if (hooked)
            {
                model.RegisterForwardHook((m, x, y) =>
                {
                    count += y.ToArray().Length > 0 ? 1 : 0;
                    return null;
                });
                model.RegisterBackwardHook((m, dx, dy) => { });
            }
            TrainingStep<float> step = new(model, new MeanSquaredError<float>(), OptimizerRegistry.Standard["sgd"].Create<float>(model.NamedParameters()));
            for (int i = 0; i < 5; i++)
                step.Run(Tensor.From<float>([1, 2, 3, 4, 5, 6], [2, 3]), Tensor.From<float>([1, 0, 0, 1], [2, 2]));
            calls = count;
            return [.. model.NamedParameters().SelectMany(p => p.Tensor.ToArray())];
        }
    }

    private static Linear<double> Doubling()
    {
        Linear<double> linear = new(1, 1);
        linear.Initialize(0);
        linear.NamedParameters()[0].Tensor.AsSpan()[0] = 2;
        linear.NamedParameters()[1].Tensor.AsSpan()[0] = 0;
        return linear;
    }
}
