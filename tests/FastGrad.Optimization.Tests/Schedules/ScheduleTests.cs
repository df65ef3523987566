using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Optimization.Schedules;
using FastGrad.Plugins.Schedules;

namespace FastGrad.Optimization.Tests.Schedules;

/// <summary>Each schedule against its closed form and against values worked out by hand.</summary>
public class ScheduleTests
{
    private static readonly ScheduleRegistry Registry = new PluginRegistry([new SchedulesPlugin()]).Schedules;

    [Fact]
    public void Constant_stays() => Follows(Make("constant", 0.3), _ => 0.3);

    [Fact]
    public void Step_drops_after_every_s_updates()
    {
        ISchedule schedule = Make("step", 0.8, "every=3", "gamma=0.5");
        Assert.Equal([0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2], Enumerable.Range(0, 7).Select(t => schedule.At(t)));
    }

    [Fact]
    public void Exponential_is_a_power() => Follows(Make("exponential", 2, "gamma=0.97"), t => 2 * Math.Pow(0.97, t));

    [Fact]
    public void Cosine_falls_from_the_base_to_the_final_value_and_stays()
    {
        ISchedule schedule = Make("cosine", 1, "steps=8", "final=0.2");
        Follows(schedule, t => t < 8 ? 0.2 + 0.4 * (1 + Math.Cos(Math.PI * t / 8)) : 0.2);
        Assert.Equal((1, 0.2, 0.2), (schedule.At(0), schedule.At(8), schedule.At(long.MaxValue)));
        Assert.Equal(0.6, schedule.At(4), 1e-15);
    }

    [Fact]
    public void Linear_warmup_gives_the_first_update_a_step()
    {
        ISchedule schedule = Make("linear-warmup", 1, "steps=4");
        Assert.Equal([0.25, 0.5, 0.75, 1, 1], Enumerable.Range(0, 5).Select(t => schedule.At(t)));
        Assert.Equal(1, Make("linear-warmup", 1, "steps=0").At(0));
    }

    [Fact]
    public void Warmup_cosine_is_both_with_local_steps() =>
        Follows(
            Make("warmup-cosine", 3, "warmup=5", "steps=20", "final=0.1"),
            t => t < 5 ? 3 * (t + 1) / 5.0 : t < 20 ? 0.1 + 1.45 * (1 + Math.Cos(Math.PI * (t - 5) / 15)) : 0.1);

    [Fact]
    public void Join_passes_local_steps()
    {
        Join schedule = new((0, new Local(0)), (2, new Local(100)), (5, new Local(200)));
        Assert.Equal([0, 1, 100, 101, 102, 200, 201], Enumerable.Range(0, 7).Select(t => schedule.At(t)));
    }

    [Fact]
    public void Join_refuses_parts_out_of_order()
    {
        Assert.Throws<ArgumentException>(() => new Join((1, new Local(0))));
        Assert.Throws<ArgumentException>(() => new Join((0, new Local(0)), (5, new Local(0)), (4, new Local(0))));
    }

    [Theory]
    [InlineData("step", "every=0", "step: option 'every' is '0'; expected an integer in [1, 9007199254740992].")]
    [InlineData("step", "every=2.5", "step: option 'every' is '2.5'; expected an integer")]
    [InlineData("exponential", "gamma=-1", "exponential: option 'gamma' is '-1'; expected a number in [0, ∞).")]
    [InlineData("cosine", "step=3", "cosine has no option 'step'. Did you mean 'steps'? Known: steps, final.")]
    [InlineData("warmup-cosine", "warmup=1000", "warmup-cosine: steps must be above warmup; got warmup = 1000, steps = 1000, final = 0.")]
    public void Bad_options_are_named(string name, string option, string expected)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Registry[name].Bind("lr", OptionValues.Parse([option])));
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    private static ISchedule Make(string name, double value, params string[] options) => Registry[name].Create(value, OptionValues.Parse(options));

    private static void Follows(ISchedule schedule, Func<int, double> closedForm)
    {
        for (int t = 0; t < 60; t++)
            Assert.Equal(closedForm(t), schedule.At(t), 1e-14);
    }

    private sealed class Local(double offset) : ISchedule
    {
        public double At(long step) => offset + step;
    }
}
