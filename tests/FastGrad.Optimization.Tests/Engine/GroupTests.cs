using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Schedules;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Plugins.Schedules;

namespace FastGrad.Optimization.Tests.Engine;

public class GroupTests
{
    private readonly ArrayParameter<double> _weight = new("0.weight", [1.0], [1.0]);
    private readonly ArrayParameter<double> _bias = new("0.bias", [1.0], [1.0], ParameterRole.Bias);
    private readonly ArrayParameter<double> _head = new("head.weight", [1.0], [1.0]);

    [Fact]
    public void The_first_match_wins()
    {
        Optimizer<double> optimizer = Sgd(0.1, new()
        {
            Groups =
            [
                new() { Name = "biases", Roles = [ParameterRole.Bias], Options = new() { { "lr", 0.5 } } },
                new() { Name = "head", Patterns = ["head.*", "*.bias"], Options = new() { { "lr", 0.25 } } },
                ParameterGroup.Everything,
            ],
        });
        optimizer.Step();
        Assert.Equal((0.9, 0.5, 0.75), (_weight.Values[0], _bias.Values[0], _head.Values[0]));
        Assert.Equal(["0.bias", "head.weight", "0.weight"], optimizer.Groups.SelectMany(g => g.Parameters).Select(p => p.Name));
    }

    [Fact]
    public void A_parameter_without_group_is_an_error_that_names_it()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Sgd(0.1, new() { Groups = [new() { Name = "head", Patterns = ["head.*"] }] }));
        Assert.StartsWith("sgd: no group matches '0.weight [1] Weight', '0.bias [1] Bias'; groups: head (head.*).", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("", "", true)]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*c", "abcd", false)]
    [InlineData("*.bias", "layer.0.bias", true)]
    [InlineData("layer.?.bias", "layer.10.bias", false)]
    [InlineData("*a*b*", "xaxxbx", true)]
    [InlineData("*ab", "aab", true)]
    [InlineData("Bias", "bias", false)]
    public void Patterns_are_globs(string pattern, string name, bool matches) =>
        Assert.Equal(matches, name.Length > 0
            ? new ParameterGroup { Name = "g", Patterns = [pattern] }.Matches(new ParameterInfo(name, []))
            : pattern.Length == 0);

    [Fact]
    public void Decay_is_masked_by_role()
    {
        Optimizer<double> optimizer = new Sgd().Create<double>(
            [_weight, _bias], new SgdOptions { LearningRate = 0.1, WeightDecay = 0.5 }, new() { NoDecay = [ParameterRole.Bias, ParameterRole.Norm] });
        optimizer.Step();
        Assert.Equal(1 - 0.1 * 1.5, _weight.Values[0], 1e-15);
        Assert.Equal(1 - 0.1, _bias.Values[0], 1e-15);
    }

    [Fact]
    public void Schedules_reach_masked_parameters_too_but_not_their_decay()
    {
        Optimizer<double> optimizer = new Sgd().Create<double>(
            [_weight, _bias],
            new SgdOptions { LearningRate = 0.1 },
            new()
            {
                NoDecay = [ParameterRole.Bias],
                Schedules = [new("lr", new Exponential(0.1, 0.5)), new("weight_decay", new Constant(0.5))],
            });
        optimizer.Step();
        optimizer.Step();
        Assert.Equal(1 - 0.1 - 0.05, _bias.Values[0], 1e-15);
        double once = 1 - 0.1 * (1 + 0.5);
        Assert.Equal(once - 0.05 * (1 + 0.5 * once), _weight.Values[0], 1e-15);
    }

    [Fact]
    public void Schedules_count_applied_updates_and_start_from_each_groups_value()
    {
        Optimizer<double> optimizer = Sgd(0.1, new()
        {
            Schedules = [LinearWarmup.Definition.Bind("lr", new() { { "steps", 4.0 } })],
            Groups = [new() { Name = "head", Patterns = ["head.*"], Options = new() { { "lr", 0.4 } } }, ParameterGroup.Everything],
        });
        (_weight.Gradient, _bias.Gradient, _head.Gradient) = (null, null, null);
        Assert.False(optimizer.Step().Applied);
        Assert.Equal(0, optimizer.Updates);
        (_weight.Gradient, _head.Gradient) = ([1], [1]);
        Assert.True(optimizer.Step().Applied);
        Assert.Equal(1 - 0.1 / 4, _weight.Values[0], 1e-15);
        Assert.Equal(1 - 0.4 / 4, _head.Values[0], 1e-15);
        Assert.Equal(1, _bias.Values[0]);
        optimizer.Step();
        Assert.Equal((2, 0.4 / 2), (optimizer.Updates, optimizer.Groups[0]["lr"]));
        Assert.Equal(["lr"], optimizer.Groups[0].Scheduled);
    }

    [Fact]
    public void A_groups_own_schedule_replaces_the_common_one()
    {
        Optimizer<double> optimizer = Sgd(0.1, new()
        {
            Schedules = [new("lr", new Constant(0.2))],
            Groups = [new() { Name = "head", Patterns = ["head.*"], Schedules = [new("LR", new Constant(0.3))] }, ParameterGroup.Everything],
        });
        Assert.Equal((0.3, 0.2), (optimizer.Groups[0]["lr"], optimizer.Groups[1]["lr"]));
    }

    [Fact]
    public void A_schedule_that_leaves_the_range_is_stopped_with_its_step()
    {
        Optimizer<double> optimizer = Sgd(0.1, new() { Schedules = [new("lr", new Falling())] });
        optimizer.Step();
        ArgumentException error = Assert.Throws<ArgumentException>(() => optimizer.Step());
        Assert.StartsWith("sgd: option 'lr' is -0.1 by its schedule at step 1; expected a number in [0, ∞).", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_real_numbers_are_scheduled()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Sgd(0.1, new() { Schedules = [new("nesterov", new Constant(1))] }));
        Assert.Contains("option 'nesterov' expects true or false; only real numbers can be scheduled", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scheduled_momentum_has_its_buffer()
    {
        Optimizer<double> optimizer = Sgd(1, new() { Schedules = [new("momentum", new Constant(0.5))] });
        optimizer.Step();
        optimizer.Step();
        Assert.Equal(1 - 1 - 1.5, _weight.Values[0]);
    }

    [Fact]
    public void Values_can_be_set_between_steps()
    {
        Optimizer<double> optimizer = Sgd(0.1, OptimizerSettings.Default);
        optimizer.Groups[0].Set("lr", 0.5);
        optimizer.Step();
        Assert.Equal(0.5, _weight.Values[0]);
        Assert.Throws<ArgumentException>(() => optimizer.Groups[0].Set("lr", -1));
        Assert.Throws<ArgumentException>(() => optimizer.Groups[0].Set("nesterov", 1));
        Assert.Throws<ArgumentException>(() => Sgd(0.1, new() { Schedules = [new("lr", new Constant(1))] }).Groups[0].Set("lr", 0.2));
    }

    [Fact]
    public void Names_must_differ()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new Sgd().Create<double>([_weight, new ArrayParameter<double>("0.weight", [1.0])]));
        Assert.StartsWith("sgd: 2 parameters are named '0.weight'; names must differ.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Sgd().Create<double>([]));
    }

    [Fact]
    public void Scheduled_betas_use_the_current_betas_power()
    {
        // Two steps of Adam with beta1 0.5 then 0.8, by hand: m = 0.5g then 0.8m + 0.2g; the second is divided by 1 − 0.8².
        ArrayParameter<double> x = new("x", [0.0], [2.0]);
        Optimizer<double> optimizer = new Adam().Create<double>(
            [x], new AdamOptions { LearningRate = 1, Epsilon = 0 }, new() { Schedules = [new("beta1", new Join(new Constant(0.5), 1, new Constant(0.8)))] });
        optimizer.Step();
        Assert.Equal(-1, x.Values[0], 1e-12);
        x.Gradient = [2.0];
        optimizer.Step();
        double m = 0.8 * 1 + 0.2 * 2;
        Assert.Equal(-1 - m / (1 - 0.64) / 2, x.Values[0], 1e-12);
    }

    private Optimizer<double> Sgd(double rate, OptimizerSettings settings) =>
        new Sgd().Create<double>([_weight, _bias, _head], new SgdOptions { LearningRate = rate }, settings);

    private sealed class Falling : ISchedule
    {
        public double At(long step) => step == 0 ? 0.1 : -0.1;
    }
}
