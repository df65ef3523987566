using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins.FirstOrder;

namespace FastGrad.Optimization.Tests.Options;

public class OptionTests
{
    private static readonly OptimizerRegistry Optimizers = new PluginRegistry([new FirstOrderPlugin()]).Optimizers;

    /// <summary>The names and defaults of torch.optim in 2.10 (betas as two numbers; SGD's lr, which it demands there, is 1e-3 as in its signature).</summary>
    [Theory]
    [InlineData("sgd", "lr=0.001 momentum=0 dampening=0 weight_decay=0 nesterov=false maximize=false")]
    [InlineData("rmsprop", "lr=0.01 alpha=0.99 eps=1E-08 momentum=0 centered=false weight_decay=0 maximize=false")]
    [InlineData("adam", "lr=0.001 beta1=0.9 beta2=0.999 eps=1E-08 weight_decay=0 amsgrad=false maximize=false decoupled_weight_decay=false")]
    [InlineData("adamw", "lr=0.001 beta1=0.9 beta2=0.999 eps=1E-08 weight_decay=0.01 amsgrad=false maximize=false")]
    public void Names_and_defaults_are_those_of_PyTorch(string name, string expected) =>
        Assert.Equal(expected, string.Join(' ', Optimizers[name].Options.Select(o => $"{o.Name}={o.Default}")));

    [Theory]
    [InlineData("lr=-1", "adamw: option 'lr' is '-1'; expected a number in [0, ∞).")]
    [InlineData("lr=fast", "adamw: option 'lr' is 'fast'; expected a number in [0, ∞).")]
    [InlineData("lr=NaN", "adamw: option 'lr' is 'NaN'; expected a number in [0, ∞).")]
    [InlineData("lr=1,5", "adamw: option 'lr' is '1,5'; expected a number in [0, ∞).")]
    [InlineData("beta2=1", "adamw: option 'beta2' is '1'; expected a number in [0, 1).")]
    [InlineData("amsgrad=yes", "adamw: option 'amsgrad' is 'yes'; expected true or false.")]
    [InlineData("weightdecay=1", "adamw has no option 'weightdecay'. Did you mean 'weight_decay'? Known: lr, beta1, beta2, eps, weight_decay, amsgrad, maximize.")]
    [InlineData("zzzzzzzz=1", "adamw has no option 'zzzzzzzz'. Known: lr,")]
    public void A_bad_setting_is_answered_with_name_value_and_range(string setting, string expected)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Optimizers["adamw"].Options.Validate(OptionValues.Parse([setting])));
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Typed_options_are_checked_too()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => SgdOptions.Table.Check(new SgdOptions { Momentum = double.PositiveInfinity }));
        Assert.StartsWith("sgd: option 'momentum' is Infinity; expected a number in [0, ∞).", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => SgdOptions.Table.Check(new SgdOptions { Nesterov = true }));
        Assert.StartsWith("sgd: nesterov needs momentum > 0 and dampening = 0; got lr = 0.001, momentum = 0,", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lr")]
    [InlineData("=1")]
    public void A_setting_needs_key_and_value(string setting) =>
        Assert.StartsWith($"'{setting}' is no setting; expected key=value.", Assert.Throws<ArgumentException>(() => OptionValues.Parse([setting])).Message, StringComparison.Ordinal);

    [Fact]
    public void Options_are_copied_so_that_the_callers_record_stays_his()
    {
        SgdOptions mine = new() { LearningRate = 0.5, Momentum = 0.9 };
        SgdOptions copy = SgdOptions.Table.With(mine, new() { { "lr", 0.25 }, { "nesterov", true } });
        Assert.Equal(new SgdOptions { LearningRate = 0.5, Momentum = 0.9 }, mine);
        Assert.Equal(new SgdOptions { LearningRate = 0.25, Momentum = 0.9, Nesterov = true }, copy);
    }

    [Fact]
    public void Choices_take_one_of_their_words()
    {
        OptionTable<Shape> table = new OptionTable<Shape>("shape").Choice("kind", o => o.Kind, (o, v) => o.Kind = v, ["round", "square"], "the kind");
        Assert.Equal("square", table.With(new(), OptionValues.Parse(["kind=SQUARE"])).Kind);
        ArgumentException error = Assert.Throws<ArgumentException>(() => table.With(new(), OptionValues.Parse(["kind=flat"])));
        Assert.StartsWith("shape: option 'kind' is 'flat'; expected one of round, square.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => table.Flag("Kind", _ => true, (_, _) => { }, "twice"));
    }

    [Theory]
    [InlineData("adma", "adam")]
    [InlineData("ADAMX", "adam")]
    [InlineData("sdg", "sgd")]
    [InlineData("rms", null)]
    [InlineData("lion", null)]
    public void The_nearest_name_is_offered_if_it_is_near(string name, string? nearest) =>
        Assert.Equal(nearest, Nearest.Find(name, ["sgd", "rmsprop", "adam", "adamw"]));

    private sealed record Shape
    {
        public string Kind { get; set; } = "round";
    }
}
