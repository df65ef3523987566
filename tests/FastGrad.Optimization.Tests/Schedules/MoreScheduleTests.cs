using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Plugins;
using FastGrad.Optimization.Schedules;
using FastGrad.Optimization.State;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Plugins.Schedules;

namespace FastGrad.Optimization.Tests.Schedules;

/// <summary>Schedules against published values, other spellings of their formulas, and what they are for.</summary>
public class MoreScheduleTests
{
    private static readonly ScheduleRegistry Registry = new PluginRegistry([new SchedulesPlugin()]).Schedules;

    // The values in the examples of PyTorch's documentation, where the initial rate is 0.05.
    [Theory]
    [InlineData("linear", "steps=4 start=0.5", new[] { 0.025, 0.03125, 0.0375, 0.04375, 0.05, 0.05 })]
    [InlineData("constant", "steps=4 factor=0.5", new[] { 0.025, 0.025, 0.025, 0.025, 0.05, 0.05 })]
    [InlineData("polynomial", "steps=4", new[] { 0.05, 0.0375, 0.025, 0.0125, 0, 0 })]
    [InlineData("multi-step", "milestones=2,4", new[] { 0.05, 0.05, 0.005, 0.005, 0.0005, 0.0005 })]
    [InlineData("multi-step", "milestones=1,1,3 gamma=0.5", new[] { 0.05, 0.0125, 0.0125, 0.00625 })]
    [InlineData("rex", "steps=4", new[] { 0.05, 0.05 * 6 / 7, 0.05 * 2 / 3, 0.05 * 0.4, 0, 0 })]
    [InlineData("inverse-sqrt", "warmup=4", new[] { 0.0125, 0.025, 0.0375, 0.05, 0.05 * 0.8944271909999159, 0.05 * 0.816496580927726 })]
    [InlineData("warmup-linear", "warmup=2 steps=6 final=0.01", new[] { 0.025, 0.05, 0.05, 0.04, 0.03, 0.02, 0.01, 0.01 })]
    [InlineData("wsd", "steps=8 warmup=2 decay=4", new[] { 0.025, 0.05, 0.05, 0.05, 0.05, 0.0375, 0.025, 0.0125, 0, 0 })]
    [InlineData("wsd", "steps=5 warmup=0 decay=4 shape=sqrt final=0.01", new[] { 0.05, 0.05, 0.03, 0.01 + 0.04 * (1 - 0.7071067811865476), 0.01 + 0.04 * (1 - 0.8660254037844386), 0.01 })]
    [InlineData("wsd", "steps=4 warmup=0 decay=4 shape=cosine", new[] { 0.05, 0.025 * 1.7071067811865476, 0.025, 0.025 * 0.2928932188134524, 0 })]
    public void Values_are_the_published_ones(string name, string options, double[] expected)
    {
        ISchedule schedule = Make(name, 0.05, options);
        for (int t = 0; t < expected.Length; t++)
            Assert.Equal(expected[t], schedule.At(t), 1e-15);
    }

    /// <summary>PyTorch's recursive form: η ← w + (η − w)(1 + cos(πt/n))/(1 + cos(π(t − 1)/n)), and after 2n·k + n a rise.</summary>
    [Fact]
    public void Cosine_annealing_is_PyTorchs_recursion()
    {
        ISchedule schedule = Make("cosine-annealing", 0.8, "steps=7 final=0.1");
        double rate = 0.8;
        for (int t = 1; t < 60; t++)
        {
            rate = (t - 1 - 7) % 14 == 0
                ? rate + (0.8 - 0.1) * (1 - Math.Cos(Math.PI / 7)) / 2
                : (1 + Math.Cos(Math.PI * t / 7)) / (1 + Math.Cos(Math.PI * (t - 1) / 7)) * (rate - 0.1) + 0.1;
            Assert.Equal(rate, schedule.At(t), 1e-12);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Restarts_come_when_a_cycle_is_over(int growth)
    {
        ISchedule schedule = Make("cosine-restarts", 2, $"first=4 growth={growth} decay=0.5 warmup=3 final=0.2");
        Assert.Equal([2.0 / 3, 4.0 / 3, 2], [schedule.At(0), schedule.At(1), schedule.At(2)]);
        int t = 3;
        double peak = 2;
        for (int cycle = 0, length = 4; cycle < 4; cycle++, length *= growth, peak *= 0.5)
        {
            for (int local = 0; local < length; local++)
                Assert.Equal(0.2 + (peak - 0.2) * (1 + Math.Cos(Math.PI * local / length)) / 2, schedule.At(t++), 1e-14);
        }
    }

    /// <summary>Cycles of 10³, 10⁹, 10¹⁵ and 10²¹ updates: the last is longer than a count of updates can be.</summary>
    [Theory]
    [InlineData(999, 999.0, 1e3)]
    [InlineData(1_000, 0.0, 1e9)]
    [InlineData(500_001_000, 5e8, 1e9)]
    [InlineData(1_000_001_000, 0.0, 1e15)]
    [InlineData(1_000_001_000_001_000, 0.0, 1e21)]
    [InlineData(long.MaxValue, 9.222372035e18, 1e21)]
    public void Long_restarts_do_not_overflow(long t, double local, double length) =>
        Assert.Equal((1 + Math.Cos(Math.PI * local / length)) / 2, Make("cosine-restarts", 1, "first=1000 growth=1000000").At(t), 1e-12);

    /// <summary>PyTorch's spelling of CyclicLR.</summary>
    [Theory]
    [InlineData("triangular")]
    [InlineData("triangular2")]
    [InlineData("exp_range")]
    public void Cyclic_is_PyTorchs(string mode)
    {
        ISchedule schedule = Make("cyclic", 0.1, $"low=0.01 up=5 down=3 mode={mode} gamma=0.9");
        for (int t = 0; t < 50; t++)
        {
            double cycle = Math.Floor(1 + t / 8.0), x = 1 + t / 8.0 - cycle, scale = x <= 5.0 / 8 ? x / (5.0 / 8) : (x - 1) / (5.0 / 8 - 1);
            double height = mode switch { "triangular2" => 1 / Math.Pow(2, cycle - 1), "exp_range" => Math.Pow(0.9, t), _ => 1 };
            Assert.Equal(0.01 + (0.1 - 0.01) * scale * height, schedule.At(t), 1e-14);
        }
    }

    /// <summary>PyTorch's spelling of OneCycleLR: a list of phases, of which the first that is not over serves.</summary>
    [Theory]
    [InlineData("cos", false, 20, 0.3)]
    [InlineData("linear", false, 20, 0.3)]
    [InlineData("cos", true, 20, 0.3)]
    [InlineData("linear", true, 33, 0.25)]
    public void One_cycle_is_PyTorchs(string anneal, bool three, int total, double share)
    {
        string options = $"steps={total} share={share.ToString(System.Globalization.CultureInfo.InvariantCulture)} anneal={anneal} three_phase={three}";
        ISchedule rate = Make("one-cycle", 0.5, options + " div=10 final_div=100"), momentum = Make("one-cycle-momentum", 0.95, options + " low=0.85");
        (double End, double From, double To, double MomentumFrom, double MomentumTo)[] phases = three
            ?
            [
                (share * total - 1, 0.05, 0.5, 0.95, 0.85),
                (2 * share * total - 2, 0.5, 0.05, 0.85, 0.95),
                (total - 1, 0.05, 0.0005, 0.95, 0.95),
            ]
            : [(share * total - 1, 0.05, 0.5, 0.95, 0.85), (total - 1, 0.5, 0.0005, 0.85, 0.95)];
        for (int t = 0; t < total; t++)
        {
            double start = 0;
            foreach (var phase in phases)
            {
                if (t <= phase.End)
                {
                    double share1 = (t - start) / (phase.End - start);
                    Assert.Equal(Anneal(phase.From, phase.To, share1), rate.At(t), 1e-14);
                    Assert.Equal(Anneal(phase.MomentumFrom, phase.MomentumTo, share1), momentum.At(t), 1e-14);
                    break;
                }
                start = phase.End;
            }
        }
        Assert.Equal(0.0005, rate.At(total + 5), 1e-15);

        double Anneal(double from, double to, double done) => anneal == "cos" ? to + (from - to) / 2 * (1 + Math.Cos(Math.PI * done)) : (to - from) * done + from;
    }

    /// <summary>n steps multiply the error along λ by Tₙ((κ + 1 − 2κλ)/(κ − 1))/Tₙ((κ + 1)/(κ − 1)), where v₀ = 1/L = 1.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(64)]
    public void Chebyshev_steps_make_Chebyshevs_polynomial(int n)
    {
        const double kappa = 20;
        ISchedule schedule = Make("chebyshev", 1, $"cycle={n} condition=20");
        foreach (double lambda in new[] { 1 / kappa, 0.1, 0.3, 0.77, 1 })
        {
            double product = 1;
            for (int t = 0; t < n; t++)
                product *= 1 - schedule.At(t + n) * lambda;
            Assert.Equal(T((kappa + 1 - 2 * kappa * lambda) / (kappa - 1)) / T((kappa + 1) / (kappa - 1)), product, 1e-9);
        }

        double T(double x)
        {
            (double a, double b) = (1, x);
            for (int k = 1; k < n; k++)
                (a, b) = (b, 2 * x * b - a);
            return b;
        }
    }

    /// <summary>The fractal order of eight: Agarwal, Goel and Zhang 2021, example in section 2.</summary>
    [Fact]
    public void Chebyshev_order_is_fractal()
    {
        ISchedule schedule = Make("chebyshev", 1, "cycle=8 condition=10");
        double[] steps = [.. Enumerable.Range(1, 8).Select(k => 2 / (1.1 + 0.9 * Math.Cos((2 * k - 1) * Math.PI / 16)))];
        int[] order = [1, 8, 4, 5, 2, 7, 3, 6];
        for (int t = 0; t < 8; t++)
            Assert.Equal(steps[order[t] - 1], schedule.At(t), 1e-14);
    }

    [Fact]
    public void Compositions_do_what_they_say()
    {
        ISchedule step = Make("step", 0.8, "every=2 gamma=0.5"), exponential = Make("exponential", 0.8, "gamma=0.9");
        Chained both = new(0.8, step, exponential);
        for (int t = 0; t < 9; t++)
        {
            Assert.Equal(0.8 * Math.Pow(0.5, t / 2) * Math.Pow(0.9, t), both.At(t), 1e-15);
            Assert.Equal(3 * exponential.At(t), new Scaled(exponential, 3).At(t), 1e-15);
            Assert.Equal(Math.Clamp(exponential.At(t), 0.4, 0.7), new Clamped(exponential, 0.4, 0.7).At(t));
            Assert.Equal(0.8 / (t + 1), new Lambda(0.8, s => 1.0 / (s + 1)).At(t), 1e-15);
        }
        // MultiplicativeLR: factors from t = 1 on, whatever is asked for before.
        Multiplicative product = new(0.8, s => 1 + 1.0 / s);
        foreach (int t in (int[])[0, 1, 2, 7, 3, 7, 0])
            Assert.Equal(0.8 * (t + 1), product.At(t), 1e-14);
        Assert.Equal("mine", Multiplicative.Bind("lr", _ => 1, "mine").Description);
        Assert.Throws<ArgumentException>(() => new Chained(0.8));
        Assert.Throws<ArgumentException>(() => new Clamped(step, 1, 0));
    }

    [Fact]
    public void A_binding_is_described_by_name_and_all_options()
    {
        Assert.Equal("cosine (steps = 50, final = 0)", Registry["cosine"].Bind("lr", OptionValues.Parse(["steps=5e1"])).Description);
        Assert.NotEqual(Registry["cosine"].Bind("lr").Description, Registry["cosine-annealing"].Bind("lr").Description);
        Assert.Equal("Constant", new ScheduleBinding("lr", new Constant(1)).Description);
        Assert.Equal("mine", Lambda.Bind("lr", _ => 1, "mine").Description);
    }

    [Theory]
    [InlineData("milestones=5,3")]
    [InlineData("milestones=-1")]
    [InlineData("milestones=1.5")]
    public void Milestones_rise(string option) =>
        Assert.Contains("expected rising integers", Assert.Throws<ArgumentException>(() => Registry["multi-step"].Bind("lr", OptionValues.Parse([option]))).Message, StringComparison.Ordinal);

    /// <summary>The rule of PyTorch's ReduceLROnPlateau, step by step, worked out by hand.</summary>
    [Fact]
    public void A_plateau_halves_the_rate_and_a_resumed_one_goes_on()
    {
        (double Metric, double Rate)[] course =
        [
            (1.0, 0.1), (0.9, 0.1), (0.95, 0.1), (0.94, 0.1), (0.93, 0.05), // more than two bad ones
            (0.92, 0.05), (0.92, 0.05), (0.92, 0.05),                        // one cools down, two are endured
            (0.92, 0.025), (0.5, 0.025), (0.4999, 0.025), (0.4999, 0.025), (0.4999, 0.02), // an improvement below 1 % is none; 0.02 is the least
        ];
        ReduceOnPlateauOptions options = new() { Factor = 0.5, Patience = 2, Threshold = 0.01, Cooldown = 1, Least = 0.02 };
        for (int interruption = 0; interruption < course.Length; interruption++)
        {
            Optimizer<double> optimizer = Sgd(0.1);
            ReduceOnPlateau plateau = new(optimizer.Groups, "lr", options);
            for (int t = 0; t < course.Length; t++)
            {
                if (t == interruption)
                {
                    StateTensor[] saved = [.. plateau.State.Select(e => e.ToTensor())];
                    optimizer = Sgd(0.1);
                    plateau = new(optimizer.Groups, "lr", options);
                    plateau.LoadState(saved);
                }
                plateau.Observe(course[t].Metric);
                Assert.Equal(course[t].Rate, optimizer.Groups[0]["lr"], 1e-15);
            }
        }
    }

    /// <summary>What counts as an improvement on 2 by a threshold of 0.1: PyTorch's is_better, in its four modes.</summary>
    [Theory]
    [InlineData("min", "rel", 1.81, 1.79)]
    [InlineData("min", "abs", 1.91, 1.89)]
    [InlineData("max", "rel", 2.19, 2.21)]
    [InlineData("max", "abs", 2.09, 2.11)]
    public void An_improvement_exceeds_its_threshold(string mode, string threshold, double none, double better)
    {
        foreach ((double metric, bool improves) in new[] { (none, false), (better, true) })
        {
            Optimizer<double> optimizer = Sgd(0.1);
            ReduceOnPlateau plateau = new(optimizer.Groups, "lr", new() { Mode = mode, ThresholdMode = threshold, Threshold = 0.1, Patience = 0, Factor = 0.5 });
            Assert.False(plateau.Observe(2));
            Assert.Equal(!improves, plateau.Observe(metric));
            Assert.Equal(improves ? metric : 2, plateau.Best);
            Assert.Equal(improves ? 0.1 : 0.05, optimizer.Groups[0]["lr"], 1e-15);
        }
    }

    /// <summary>A change of eps or less is none: PyTorch leaves the rate.</summary>
    [Theory]
    [InlineData(0.06, 0.1)]
    [InlineData(0.04, 0.05)]
    public void A_small_reduction_is_left_out(double least, double expected)
    {
        Optimizer<double> optimizer = Sgd(0.1);
        ReduceOnPlateau plateau = new(optimizer.Groups, "lr", new() { Patience = 0, Factor = 0.5, Epsilon = least });
        plateau.Observe(1);
        Assert.Equal(expected < 0.1, plateau.Observe(1));
        Assert.Equal(expected, optimizer.Groups[0]["lr"], 1e-15);
    }

    [Fact]
    public void Layers_have_rates_of_their_own()
    {
        OptimizerSettings settings = new() { Groups = ParameterGroup.Layers(0.8, 0.5, ["0.*", "1.*", "*"]) };
        ArrayParameter<double>[] parameters = [new("2.w", [0.0], [1.0]), new("0.w", [0.0], [1.0]), new("1.w", [0.0], [1.0])];
        new Sgd().Create<double>(parameters, new SgdOptions(), settings).Step();
        Assert.Equal([-0.8, -0.2, -0.4], parameters.Select(p => p.Values[0]));
    }

    private static Optimizer<double> Sgd(double rate) => new Sgd().Create<double>([new ArrayParameter<double>("x", [1.0])], new SgdOptions { LearningRate = rate });

    private static ISchedule Make(string name, double value, string options) =>
        Registry[name].Create(value, OptionValues.Parse(options.Split(' ')));
}
