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
    [InlineData("asgd", "lr=0.05", "t0=3", "lambd=0.01", "weight_decay=0.1", "maximize=true")]
    [InlineData("asgd")]
    [InlineData("adagrad", "lr=0.1")]
    [InlineData("adagrad", "lr=0.1", "lr_decay=0.1", "weight_decay=0.1", "maximize=true")]
    [InlineData("adadelta")]
    [InlineData("adadelta", "rho=0.5", "eps=1e-3", "weight_decay=0.1", "maximize=true")]
    [InlineData("rprop")]
    [InlineData("rprop", "lr=0.1", "step_max=0.2", "step_min=0.05", "maximize=true")]
    [InlineData("adamax", "lr=0.05")]
    [InlineData("adamax", "lr=0.05", "beta1=0.5", "beta2=0.7", "weight_decay=0.1", "maximize=true")]
    [InlineData("nadam", "lr=0.05")]
    [InlineData("nadam", "lr=0.05", "beta1=0.5", "momentum_decay=0.1", "weight_decay=0.1", "decoupled_weight_decay=true", "maximize=true")]
    [InlineData("nadam", "lr=0.05", "weight_decay=0.1")]
    [InlineData("radam", "lr=0.05")]
    [InlineData("radam", "lr=0.05", "beta2=0.9", "weight_decay=0.1", "maximize=true")]
    [InlineData("radam", "lr=0.05", "beta2=0.9", "weight_decay=0.1", "decoupled_weight_decay=true")]
    [InlineData("adafactor", "lr=0.1")]
    [InlineData("adafactor", "lr=0.1", "weight_decay=0.1", "d=0.5", "eps1=1e-3", "maximize=true")]
    [InlineData("muon", "lr=0.05")]
    [InlineData("muon", "lr=0.05", "nesterov=false", "adjust_lr=match_rms_adamw", "weight_decay=0", "maximize=true")]
    [InlineData("lion", "lr=0.05")]
    [InlineData("lion", "lr=0.05", "beta1=0.5", "weight_decay=0.1", "maximize=true")]
    [InlineData("signum", "lr=0.05")]
    [InlineData("signum", "lr=0.05", "momentum=0", "weight_decay=0.1", "maximize=true")]
    [InlineData("ftrl")]
    [InlineData("ftrl", "lr=0.3", "l1=0.1", "l2=0.2", "maximize=true")]
    [InlineData("lbfgs", "max_iter=2")]
    [InlineData("lbfgs", "max_iter=2", "line_search_fn=strong_wolfe", "history_size=3")]
    public void Keeps_its_laws(string name, params string[] options) =>
        new OptimizerConformance(Optimizers[name], OptionValues.Parse(options)).CheckAll();
}
