using FastGrad.Optimization.Plugins;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Plugins.Modern;
using FastGrad.Plugins.Schedules;

namespace FastGrad.Optimization.Tests.Engine;

public class PluginRegistryTests
{
    [Fact]
    public void A_plugin_that_throws_leaves_the_registry_unchanged()
    {
        PluginRegistry registry = new([new FirstOrderPlugin()]);
        InvalidOperationException mine = new("mine");
        Assert.Same(mine, Assert.Throws<InvalidOperationException>(() => registry.Add(new Plugin("p", r =>
        {
            r.Add(new Yogi());
            r.Add(Cosine.Definition);
            throw mine;
        }))));
        Assert.Equal(["FastGrad.FirstOrder"], registry.Plugins.Select(p => p.Name));
        Assert.Equal((new PluginRegistry([new FirstOrderPlugin()]).Optimizers.Count, 0), (registry.Optimizers.Count, registry.Schedules.Count));
        registry.Add(new Plugin("p", r => r.Add(new Yogi())));
        Assert.Equal("p", registry.Optimizers.PluginOf("YOGI").Name);
    }

    [Fact]
    public void A_name_clash_names_both_parties()
    {
        PluginRegistry registry = new([new FirstOrderPlugin()]);
        PluginClashException error = Assert.Throws<PluginClashException>(() => registry.Add(new Plugin("Contoso", r => r.Add(new Adam()))));
        Assert.Equal(("Contoso", "FastGrad.FirstOrder"), (error.Newcomer.Name, error.Holder.Name));
        Assert.StartsWith("Optimizer 'adam' of plugin 'Contoso' is taken by plugin 'FastGrad.FirstOrder'.", error.Message, StringComparison.Ordinal);
        Assert.Single(registry.Plugins);
    }

    [Fact]
    public void A_plugin_is_added_once()
    {
        PluginClashException error = Assert.Throws<PluginClashException>(() => new PluginRegistry([new FirstOrderPlugin(), new FirstOrderPlugin()]));
        Assert.StartsWith("Plugin 'FastGrad.FirstOrder' 0.1.0 is registered already, as version 0.1.0.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_plugins_that_come_together_all_are_added_or_none()
    {
        PluginRegistry registry = new([new FirstOrderPlugin()]);
        int before = registry.Optimizers.Count;
        Assert.Throws<PluginClashException>(() => registry.Add(new Plugin("good", r => r.Add(new Yogi())), new Plugin("bad", r => r.Add(new Adam()))));
        Assert.Equal((1, before), (registry.Plugins.Count, registry.Optimizers.Count));
        registry.Add(new Plugin("good", r => r.Add(new Yogi())), new Plugin("better", r => r.Add(Cosine.Definition)));
        Assert.Equal((3, before + 1, 1), (registry.Plugins.Count, registry.Optimizers.Count, registry.Schedules.Count));
    }

    [Fact]
    public void Another_contract_is_refused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new PluginRegistry([new Plugin("p", _ => { }, contract: 2)]));
        Assert.StartsWith("Plugin 'p' 1.0.0 was written for contract 2; expected 1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Registration_ends_with_Register()
    {
        IPluginRegistry? kept = null;
        PluginRegistry registry = new([new Plugin("p", r => kept = r)]);
        Assert.Throws<InvalidOperationException>(() => kept!.Add(new Yogi()));
        Assert.Empty(registry.Optimizers);
    }

    [Fact]
    public void An_unknown_optimizer_is_answered_with_the_known_ones()
    {
        OptimizerRegistry optimizers = new PluginRegistry([new FirstOrderPlugin()]).Optimizers;
        ArgumentException error = Assert.Throws<ArgumentException>(() => optimizers["sdg"]);
        Assert.StartsWith("There is no optimizer 'sdg'. Did you mean 'sgd'? Known: sgd, ", error.Message, StringComparison.Ordinal);
        Assert.False(optimizers.TryFind("yogi", out _));
    }

    private sealed class Plugin(string name, Action<IPluginRegistry> register, int contract = 1) : IFastGradPlugin
    {
        public PluginManifest Manifest { get; } = new(name, "1.0.0", contract);

        public void Register(IPluginRegistry registry) => register(registry);
    }
}
