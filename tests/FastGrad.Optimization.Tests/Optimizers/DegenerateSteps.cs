using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Plugins;
using FastGrad.Optimization.State;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Plugins.Modern;

namespace FastGrad.Optimization.Tests.Optimizers;

/// <summary>Every optimizer that needs gradients alone, where there is nothing to step: no elements, zero gradients, a group of nobody, a skipped NaN.</summary>
public class DegenerateSteps
{
    public static TheoryData<string> Names => new(new PluginRegistry([new FirstOrderPlugin(), new ModernPlugin()]).Optimizers
        .Where(o => o.Needs == OptimizerNeeds.None).Select(o => o.Name));

    private static OptimizerDefinition Definition(string name) => new PluginRegistry([new FirstOrderPlugin(), new ModernPlugin()]).Optimizers[name];

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_to_step_stays_finite(string name)
    {
        ArrayParameter<float> zero = new(new("zero", [2, 2], ParameterRole.Weight), new float[4], new float[4]);
        Optimizer<float> optimizer = Definition(name).Create<float>(
            [
                new ArrayParameter<float>("none", [], []),
                new ArrayParameter<float>(new("rows", [0, 3], ParameterRole.Weight), [], []),
                new ArrayParameter<float>(new("columns", [3, 0], ParameterRole.Weight), [], []),
                zero,
            ],
            settings: new() { Groups = [new() { Name = "nobody", Patterns = ["nobody"] }, ParameterGroup.Everything] });
        for (int step = 0; step < 3; step++)
            Assert.True(optimizer.Step().Applied);
        Assert.All(zero.Values, v => Assert.True(float.IsFinite(v), $"{v}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_skipped_step_changes_no_byte(string name)
    {
        ArrayParameter<double> x = new(new("x", [2, 2], ParameterRole.Weight), [1, -2, 3, -4], [0.1, 0.2, -0.3, 0.4]);
        Optimizer<double> optimizer = Definition(name).Create<double>([x], settings: new() { NonFinite = NonFinitePolicy.Skip });
        optimizer.Step();
        double[] values = [.. x.Values];
        byte[][] state = [.. optimizer.State.Select(entry => entry.Bytes.ToArray())];
        x.Gradient = [0.1, double.NaN, 0.1, 0.1];
        Assert.False(optimizer.Step().Applied);
        Assert.Equal(values, x.Values);
        Assert.Equal(state, optimizer.State.Select(entry => entry.Bytes.ToArray()));
        x.Gradient = [0.1, 0.2, -0.3, 0.4];
        Assert.True(optimizer.Step().Applied);
        Assert.NotEqual(values, x.Values);
    }
}
