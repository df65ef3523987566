using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Plugins.Modern;
using FastGrad.Testing.Conformance;

namespace FastGrad.Optimization.Tests.Optimizers;

/// <summary>Every built-in optimizer, in each of its variants, against everything it owes.</summary>
public class BuiltInConformance
{
    private static readonly OptimizerRegistry Optimizers = new PluginRegistry([new FirstOrderPlugin(), new ModernPlugin()]).Optimizers;

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
    [InlineData("adam", "lr=0.05", "weight_decay=0.1", "decoupled_weight_decay=true", "maximize=true")]
    [InlineData("adam", "lr=0.05", "weight_decay=0.1", "decoupled_weight_decay=true", "amsgrad=true", "beta2=0.7")]
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
    [InlineData("lars", "lr=0.1", "trust=0.1")]
    [InlineData("lars", "lr=0.1", "trust=0.1", "momentum=0", "weight_decay=0.1", "maximize=true")]
    [InlineData("lamb", "lr=0.05")]
    [InlineData("lamb", "lr=0.05", "weight_decay=0.1", "beta2=0.9", "maximize=true")]
    [InlineData("adabelief", "lr=0.05")]
    [InlineData("adabelief", "lr=0.05", "eps=1e-3", "weight_decay=0.1", "maximize=true")]
    [InlineData("yogi", "lr=0.05")]
    [InlineData("yogi", "lr=0.05", "initial_accumulator=0.1", "weight_decay=0.1", "maximize=true")]
    [InlineData("adan", "lr=0.05")]
    [InlineData("adan", "lr=0.05", "beta1=0.8", "weight_decay=0.1", "maximize=true")]
    [InlineData("novograd", "lr=0.05")]
    [InlineData("novograd", "lr=0.05", "weight_decay=0.1", "maximize=true")]
    [InlineData("sm3")]
    [InlineData("sm3", "momentum=0.9", "weight_decay=0.1", "maximize=true")]
    [InlineData("qhadam", "lr=0.05")]
    [InlineData("qhadam", "lr=0.05", "nu1=0.4", "nu2=0.6", "beta2=0.8", "weight_decay=0.1", "maximize=true")]
    [InlineData("ademamix", "lr=0.05")]
    [InlineData("ademamix", "lr=0.05", "beta3=0.99", "warmup=12", "weight_decay=0.1", "maximize=true")]
    [InlineData("adopt", "lr=0.05")]
    [InlineData("adopt", "lr=0.05", "beta2=0.9", "clip=false", "weight_decay=0.1", "maximize=true")]
    [InlineData("shampoo", "every=3", "eps=1e-2", "max_size=64")]
    [InlineData("shampoo", "graft=none", "beta=0.9", "momentum=0", "eps=1e-2", "weight_decay=0.1", "max_size=64")]
    [InlineData("shampoo", "graft=sgd", "lr=0.002", "max_size=5", "every=2", "eps=1e-2", "maximize=true")]
    [InlineData("soap", "lr=0.02", "every=3", "max_size=64")]
    [InlineData("soap", "lr=0.02", "every=1", "max_size=5", "weight_decay=0.1", "maximize=true")]
    [InlineData("sophia-h", "lr=0.05", "every=3", "gamma=0.5", "eps=1e-3")]
    [InlineData("adahessian")]
    [InlineData("adahessian", "lr=0.05", "hessian_power=0.5", "weight_decay=0.1", "seed=7")]
    [InlineData("prodigy", "d0=0.01")]
    [InlineData("prodigy", "d0=0.01", "beta2=0.9", "weight_decay=0.1")]
    [InlineData("dadapt-adam", "d0=0.01")]
    [InlineData("dadapt-adam", "d0=0.01", "growth_rate=1.1", "weight_decay=0.1")]
    [InlineData("dog", "reps_rel=0.01")]
    [InlineData("dog", "reps_rel=0.1", "lr=0.5", "weight_decay=0.1")]
    [InlineData("schedule-free-sgd", "lr=0.1")]
    [InlineData("schedule-free-sgd", "lr=0.1", "warmup_steps=5", "weight_decay=0.1", "maximize=true")]
    [InlineData("schedule-free-adamw", "lr=0.05")]
    [InlineData("schedule-free-adamw", "lr=0.05", "warmup_steps=5", "weight_decay=0.1", "beta2=0.9", "maximize=true")]
    [InlineData("polyak", "lr=0.3", "f_star=-2")]
    [InlineData("polyak", "max_step=0.05")]
    [InlineData("sps", "lr=0.2", "f_star=-2")]
    [InlineData("sps", "lr=0.5", "growth=1.1")]
    public void Keeps_its_laws(string name, params string[] options) =>
        new OptimizerConformance(Optimizers[name], OptionValues.Parse(options)).CheckAll();

    /// <summary>All of them by the registry, so that none is forgotten: what updates elements alone has no reason to allocate in a steady step.</summary>
    [Fact]
    public void Elementwise_optimizers_allocate_nothing()
    {
        OptimizerDefinition[] elementwise = [.. Optimizers.Where(o => o.Coupling == Coupling.Element)];
        Assert.True(elementwise.Length >= 20, $"{elementwise.Length}");
        Assert.All(elementwise, optimizer =>
        {
            Assert.True(optimizer.Traits.HasFlag(OptimizerTraits.NoAllocation), optimizer.Name);
            new OptimizerConformance(optimizer).NoAllocation();
        });
    }

    /// <summary>Each has its rows above.</summary>
    [Fact]
    public void Every_optimizer_is_tested() => Assert.Empty(Optimizers.Names.Except(
        typeof(BuiltInConformance).GetMethod(nameof(Keeps_its_laws))!.GetCustomAttributes(typeof(InlineDataAttribute), false)
            .Select(row => (string)((InlineDataAttribute)row).GetData(null!).Single()[0])));
}
