using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Testing.Conformance;
using Xunit;

namespace Contoso.HeavyBall.Tests;

public class HeavyBallTests
{
    /// <summary>Fused = reference, in both precisions; resume, absent gradients, threads; and what the traits declare.</summary>
    [Theory]
    [InlineData]
    [InlineData("lr=0.05", "momentum=0.5", "weight_decay=0.1")]
    [InlineData("momentum=0")]
    public void It_keeps_its_laws(params string[] options) =>
        new OptimizerConformance(new HeavyBallOptimizer(), OptionValues.Parse(options)).CheckAll();

    [Fact]
    public void The_plugin_registers_it() =>
        Assert.Equal("Contoso.HeavyBall", new PluginRegistry([new HeavyBallPlugin()]).Optimizers.PluginOf("heavy-ball").Name);
}
