using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Testing.Conformance;

namespace FastGrad.Optimization.Tests.Optimizers;

/// <summary>Every built-in optimizer, in each of its variants, against everything it owes.</summary>
public class BuiltInConformance
{
    private static readonly OptimizerRegistry Optimizers = new PluginRegistry([new FirstOrderPlugin()]).Optimizers;

    [Theory]
    [InlineData("sgd", "lr=0.1")]
    [InlineData("sgd", "lr=0.01", "weight_decay=0.05", "maximize=true")]
    [InlineData("sgd", "lr=0.05", "momentum=0.9")]
    [InlineData("sgd", "lr=0.05", "momentum=0.9", "dampening=0.3", "weight_decay=0.1")]
    [InlineData("sgd", "lr=0.05", "momentum=0.9", "nesterov=true", "weight_decay=0.1")]
    [InlineData("rmsprop")]
    [InlineData("rmsprop", "weight_decay=0.1", "maximize=true", "eps=1e-3")]
    [InlineData("rmsprop", "momentum=0.9", "alpha=0.9")]
    [InlineData("rmsprop", "centered=true", "eps=1e-4")]
    [InlineData("rmsprop", "centered=true", "momentum=0.8", "alpha=0.9", "eps=1e-2")]
    [InlineData("adam", "lr=0.05")]
    [InlineData("adam", "lr=0.05", "weight_decay=0.1", "maximize=true")]
    [InlineData("adam", "lr=0.05", "beta1=0.5", "beta2=0.7", "eps=0.01", "amsgrad=true")]
    [InlineData("adamw", "lr=0.05")]
    [InlineData("adamw", "lr=0.05", "weight_decay=0.3", "maximize=true", "beta1=0")]
    [InlineData("adamw", "lr=0.05", "beta1=0.5", "beta2=0.7", "eps=0.01", "amsgrad=true")]
    public void Keeps_its_laws(string name, params string[] options) =>
        new OptimizerConformance(Optimizers[name], OptionValues.Parse(options)).CheckAll();
}
