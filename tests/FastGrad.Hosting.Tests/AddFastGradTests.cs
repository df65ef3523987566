using System.Text;
using FastGrad.Hosting;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Plugins;
using FastGrad.Optimization.Schedules;
using FastGrad.Optimization.Wrappers;
using FastGrad.Plugins;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Plugins.Schedules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FastGrad.Hosting.Tests;

public class AddFastGradTests
{
    [Fact]
    public void Names_are_those_without_a_container()
    {
        using ServiceProvider provider = Provider(_ => { });
        Assert.Equal(OptimizerRegistry.Standard.Names, provider.GetRequiredService<OptimizerRegistry>().Names);
        Assert.Equal(ScheduleRegistry.Standard.Names, provider.GetRequiredService<ScheduleRegistry>().Names);
        Assert.Superset(new HashSet<string>(["sgd", "rmsprop", "adam", "adamw", "lbfgs"]), new HashSet<string>(OptimizerRegistry.Standard.Names));
        Assert.Superset(new HashSet<string>(["constant", "step", "exponential", "cosine", "linear-warmup", "warmup-cosine"]), new HashSet<string>(ScheduleRegistry.Standard.Names));
    }

    [Fact]
    public void Definitions_are_keyed_by_name()
    {
        using ServiceProvider provider = Provider(_ => { });
        Assert.IsType<AdamW>(provider.GetRequiredKeyedService<OptimizerDefinition>("AdamW"));
        Assert.Same(
            provider.GetRequiredKeyedService<OptimizerDefinition>("adamw"), provider.GetRequiredService<OptimizerRegistry>()["adamw"]);
        Assert.Equal("cosine", provider.GetRequiredKeyedService<ScheduleDefinition>("cosine").Name);
        Assert.Equal("reduce-on-plateau", provider.GetRequiredKeyedService<MetricScheduleDefinition>("reduce-on-plateau").Name);
        Assert.Equal("ema", provider.GetRequiredKeyedService<WrapperDefinition>("EMA").Name);
        Assert.Equal(WrapperRegistry.Standard.Names, provider.GetRequiredService<WrapperRegistry>().Names);
    }

    [Fact]
    public void A_factory_is_shared_and_its_optimizers_are_not()
    {
        using ServiceProvider provider = Provider(_ => { });
        OptimizerFactory factory = provider.GetRequiredKeyedService<OptimizerFactory>("sgd");
        Assert.Same(factory, provider.GetRequiredKeyedService<OptimizerFactory>("sgd"));
        ArrayParameter<double> parameter = new("w", [1.0], [0.5]);
        Optimizer<double> optimizer = factory.Create<double>([parameter]);
        Assert.NotSame(optimizer, factory.Create<double>([parameter]));
        optimizer.Step();
        Assert.Equal(1 - 1e-3 * 0.5, parameter.Values[0]);
    }

    [Fact]
    public void Adding_twice_changes_nothing()
    {
        ServiceCollection services = new();
        FastGradBuilder first = services.AddFastGrad();
        int count = services.Count;
        Assert.Same(first, services.AddFastGrad());
        Assert.Equal(count, services.Count);
        first.AddPlugin<ExtraPlugin>().AddPlugin<ExtraPlugin>().AddPlugin<FirstOrderPlugin>();
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.Equal("extra", provider.GetRequiredService<ScheduleRegistry>().Names.Last());
    }

    [Fact]
    public void An_unknown_name_answers_with_the_known_and_the_nearest()
    {
        using ServiceProvider provider = Provider(_ => { });
        ArgumentException error = Assert.Throws<ArgumentException>(() => provider.GetRequiredKeyedService<OptimizerFactory>("adamv"));
        Assert.Contains("no optimizer 'adamv'. Did you mean 'adam'? Known: sgd, ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_optimizer_takes_options_and_settings()
    {
        using ServiceProvider provider = Provider(b => b.AddOptimizer("encoder", "sgd", new() { { "lr", 0.5 } }, new() { ClipValue = 0.1 }));
        ArrayParameter<float> parameter = new("w", [1f], [3f]);
        StepReport report = provider.GetRequiredKeyedService<OptimizerFactory>("encoder").Create<float>([parameter]).Step();
        Assert.True(report.Applied);
        Assert.Equal(0.95f, parameter.Values[0]);
    }

    [Fact]
    public void Configuration_is_bound_through_the_tables()
    {
        IConfigurationRoot configuration = Json("""
            { "encoder": {
                "name": "adamw",
                "options": { "lr": 3e-4, "weight_decay": "0.25", "amsgrad": true },
                "schedules": { "lr": { "name": "warmup-cosine", "options": { "warmup": 10, "steps": 100 } } },
                "wrappers": [ { "name": "centralize" }, { "name": "ema", "options": { "decay": 0.5 } } ],
                "clip_norm": 2.5, "non_finite": "skip", "no_decay": [ "bias", "norm" ],
                "groups": [ { "name": "head", "patterns": [ "head.*" ], "options": { "lr": 1e-3 } }, { "name": "rest" } ] } }
            """);
        using ServiceProvider provider = Provider(b => b.AddOptimizer("encoder", configuration.GetSection("encoder")));
        OptimizerFactory factory = provider.GetRequiredKeyedService<OptimizerFactory>("encoder");
        Assert.Equal(2.5, factory.Settings.ClipNorm);
        Assert.Equal(["centralize ()", "ema (decay = 0.5, warmup = false)"], factory.Settings.Wrappers.Select(w => w.Description));
        Assert.Equal(NonFinitePolicy.Skip, factory.Settings.NonFinite);
        Assert.Equal<ParameterRole>([ParameterRole.Bias, ParameterRole.Norm], factory.Settings.NoDecay.ToArray());
        Optimizer<float> optimizer = factory.Create<float>([new ArrayParameter<float>("head.w", [1f]), new ArrayParameter<float>("body.w", [1f])]);
        Assert.Equal(["head", "rest"], optimizer.Groups.Select(g => g.Name));
        Assert.Equal("ema(centralize(adamw))", optimizer.Name);
        Assert.Equal(1e-3 / 10, optimizer.Groups[0]["lr"], 1e-18);
        Assert.Equal(3e-4 / 10, optimizer.Groups[1]["lr"], 1e-18);
        Assert.Equal(0.25, optimizer.Groups[1]["weight_decay"]);
        Assert.Contains(optimizer.State, e => e.Name == "head.w.max_exp_avg_sq");
    }

    [Fact]
    public void Configuration_binds_clipping_by_value_and_groups_by_role()
    {
        IConfigurationRoot configuration = Json("""
            { "o": { "name": "sgd", "clip_value": 0.5, "clip_norm": 3,
                "groups": [ { "name": "biases", "roles": [ "bias" ], "options": { "lr": 0.25 } }, { "name": "rest" } ] } }
            """);
        using ServiceProvider provider = Provider(b => b.AddOptimizer("o", configuration.GetSection("o")));
        OptimizerFactory factory = provider.GetRequiredKeyedService<OptimizerFactory>("o");
        Assert.Equal((0.5, 3.0), (factory.Settings.ClipValue, factory.Settings.ClipNorm));
        Optimizer<float> optimizer = factory.Create<float>([
            new ArrayParameter<float>(new ParameterInfo("w", [1], ParameterRole.Weight), [1f]), new ArrayParameter<float>(new ParameterInfo("b", [1], ParameterRole.Bias), [1f])]);
        Assert.Equal("b", Assert.Single(optimizer.Groups[0].Parameters).Name);
        Assert.Equal("w", Assert.Single(optimizer.Groups[1].Parameters).Name);
    }

    [Theory]
    [InlineData("""{ "o": { "name": "adamx" } }""", "Configuration 'o': There is no optimizer 'adamx'. Did you mean 'adam'?")]
    [InlineData("""{ "o": { "nane": "adam" } }""", "There is no key 'nane'. Did you mean 'name'?")]
    [InlineData("""{ "o": { "options": {} , "clip_norm": 1 } }""", "'name' is missing")]
    [InlineData("""{ "o": { "name": "adam", "options": { "beta1": 1.5 } } }""", "adam: option 'beta1' is '1.5'; expected a number in [0, 1).")]
    [InlineData("""{ "o": { "name": "adam", "options": { "bata1": 0.5 } } }""", "adam has no option 'bata1'. Did you mean 'beta1'?")]
    [InlineData("""{ "o": { "name": "adam", "non_finite": "skipp" } }""", "'non_finite' is 'skipp'. Did you mean 'Skip'? Known: Propagate, Skip, Throw.")]
    [InlineData("""{ "o": { "name": "adam", "clip_norm": "much" } }""", "'clip_norm' is 'much'; expected a number in (0, ∞].")]
    [InlineData("""{ "o": { "name": "adam", "schedules": { "lr": { "name": "cosin" } } } }""", "There is no schedule 'cosin'. Did you mean 'cosine'?")]
    [InlineData("""{ "o": { "name": "adam", "wrappers": [ { "name": "emma" } ] } }""", "There is no wrapper 'emma'. Did you mean 'ema'?")]
    [InlineData("""{ "o": { "name": "adam", "wrappers": [ { "name": "ema", "options": { "decay": 2 } } ] } }""", "ema: option 'decay' is '2'; expected a number in")]
    [InlineData("""{ "o": { "name": "adam", "wrappers": [ { "options": { } } ] } }""", "Configuration 'o': ")]
    public void Bad_configuration_names_what_is_wrong(string json, string expected)
    {
        using ServiceProvider provider = Provider(b => b.AddOptimizer("o", Json(json).GetSection("o")));
        ArgumentException error = Assert.Throws<ArgumentException>(() => provider.GetRequiredKeyedService<OptimizerFactory>("o"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Provider(Action<FastGradBuilder> configure)
    {
        ServiceCollection services = new();
        configure(services.AddFastGrad());
        return services.BuildServiceProvider();
    }

    private static IConfigurationRoot Json(string text) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(text))).Build();

    private sealed class ExtraPlugin : IFastGradPlugin
    {
        public PluginManifest Manifest { get; } = new("Extra", "1.0.0", Contract: 1);

        public void Register(IPluginRegistry registry) => registry.Add(
            new ScheduleDefinition<ConstantOptions>("extra", "v(t) = v0", "none", new OptionTable<ConstantOptions>("extra"), (v, _) => new Constant(v)));
    }
}
