using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Plugins;
using FastGrad.Optimization.State;
using FastGrad.Optimization.Wrappers;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Plugins.Modern;
using FastGrad.Testing.Conformance;

namespace FastGrad.Optimization.Tests.Optimizers;

/// <summary>Each wrapper around plain descent against its definition written out, and what every wrapper owes.</summary>
public class WrapperTests
{
    private const double Rate = 0.1;

    private static readonly WrapperRegistry Wrappers = new PluginRegistry([new ModernPlugin()]).Wrappers;

    public static TheoryData<string> Names => [.. Wrappers.Names];

    /// <summary>Saving, loading into a new instance and going on gives the bits of going on; in both precisions.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrapper_resumes_where_it_stood(string name)
    {
        Resumes<float>(name);
        Resumes<double>(name);
    }

    [Fact]
    public void Sam_takes_the_gradient_uphill() => Follows("sam", "rho=0.3", (problem, x, t, _) =>
    {
        double[][] g = problem.Gradient(x, t), up = [.. x.Select((v, p) => v.Select((e, i) => e + 0.3 * g[p][i] / Norm(g)).ToArray())];
        return problem.Gradient(up, t);
    });

    [Fact]
    public void Adaptive_sam_climbs_by_the_size_of_each_weight() => Follows("sam", "rho=0.3 adaptive=true eta=0.2", (problem, x, t, _) =>
    {
        double[][] g = problem.Gradient(x, t), scaled = Map(x, (p, i) => (Math.Abs(x[p][i]) + 0.2) * g[p][i]);
        return problem.Gradient(Map(x, (p, i) => x[p][i] + 0.3 * (Math.Abs(x[p][i]) + 0.2) * scaled[p][i] / Norm(scaled)), t);
    });

    [Fact]
    public void Clipping_by_norm() => Follows("clip-norm", "max_norm=2", (problem, x, t, _) =>
    {
        double[][] g = problem.Gradient(x, t);
        return Map(x, (p, i) => g[p][i] * Math.Min(1, 2 / (Norm(g) + 1e-6)));
    });

    [Fact]
    public void Clipping_by_value() => Follows("clip-value", "max_value=0.4", (problem, x, t, _) =>
    {
        double[][] g = problem.Gradient(x, t);
        return Map(x, (p, i) => Math.Clamp(g[p][i], -0.4, 0.4));
    });

    [Fact]
    public void Clipping_by_group() => Follows("clip-groups", "max_norm=0.7", (problem, x, t, _) =>
    {
        double[][] g = problem.Gradient(x, t);
        double first = Norm([.. g.Where((_, p) => problem.Shapes[p].Name[0] == '0')]), second = Norm([.. g.Where((_, p) => problem.Shapes[p].Name[0] == '1')]);
        return Map(x, (p, i) => g[p][i] * Math.Min(1, 0.7 / ((problem.Shapes[p].Name[0] == '0' ? first : second) + 1e-6)));
    });

    [Fact]
    public void Adaptive_clipping_by_unit() => Follows("clip-adaptive", "clipping=0.5 eps=0.3", (problem, x, t, _) =>
    {
        double[][] g = problem.Gradient(x, t);
        return Map(x, (p, i) =>
        {
            int unit = problem.Shapes[p].Rank < 2 ? 1 : problem.Shapes[p].Count / problem.Shapes[p].Shape[0], start = i / unit * unit;
            double bound = 0.5 * Math.Max(0.3, Norm([x[p][start..(start + unit)]])), length = Norm([g[p][start..(start + unit)]]);
            return length > bound ? g[p][i] * bound / length : g[p][i];
        });
    });

    [Fact]
    public void Centralization_takes_out_the_mean_of_rows() => Follows("centralize", "", (problem, x, t, _) =>
    {
        double[][] g = problem.Gradient(x, t);
        return Map(x, (p, i) =>
        {
            if (problem.Shapes[p].Rank < 2)
                return g[p][i];
            int row = problem.Shapes[p].Shape[1];
            return g[p][i] - g[p][(i / row * row)..((i / row + 1) * row)].Average();
        });
    });

    [Fact]
    public void Cautious_steps_only_where_the_gradient_agrees()
    {
        // Under descent with momentum the step is the buffer.
        double[][] buffer = [];
        Follows("cautious", "", (problem, x, t, _) =>
        {
            double[][] g = problem.Gradient(x, t), before = t == 0 ? Map(x, (_, _) => 0.0) : buffer;
            buffer = Map(x, (p, i) => 0.9 * before[p][i] + g[p][i]);
            return Map(x, (p, i) =>
            {
                double agree = buffer[p].Where((b, k) => b * g[p][k] > 0).Count();
                return buffer[p][i] * g[p][i] > 0 ? buffer[p][i] * buffer[p].Length / Math.Max(agree, 1e-3 * buffer[p].Length) : 0;
            });
        }, momentum: 0.9);
    }

    [Fact]
    public void Accumulation_updates_with_the_mean() => Follows("accumulate", "steps=3", (problem, x, t, past) =>
        t % 3 != 2 ? Map(x, (_, _) => 0.0) : Map(x, (p, i) => (past[^1][p][i] + past[^2][p][i] + past[^3][p][i]) / 3));

    [Theory]
    [InlineData("ema", "decay=0.8")]
    [InlineData("ema", "decay=0.8 warmup=true")]
    [InlineData("swa", "start=4 every=3")]
    [InlineData("lookahead", "k=4 alpha=0.3")]
    public void Averages_are_those_of_their_papers(string name, string options)
    {
        TestProblem problem = TestProblem.Mixed();
        ArrayParameter<double>[] parameters = problem.Parameters<double>();
        Optimizer<double> optimizer = Wrap(name, options, parameters, 0);
        double[][] x = problem.Start(), average = problem.Start();
        int averaged = 0;
        for (int t = 0; t < 15; t++)
        {
            problem.WriteGradients(parameters, t);
            optimizer.Step();
            double[][] g = problem.Gradient(x, t);
            x = Map(x, (p, i) => x[p][i] - Rate * g[p][i]);
            int u = t + 1;
            double keep = name switch
            {
                "ema" => options.Contains("warmup", StringComparison.Ordinal) ? Math.Min(0.8, (1.0 + u) / (10 + u)) : 0.8,
                "swa" => u > 4 && (u - 4) % 3 == 0 ? 1 - 1.0 / ++averaged : averaged == 0 ? 0 : 1,
                _ => u % 4 == 0 ? 0.7 : 1,
            };
            average = Map(x, (p, i) => keep * average[p][i] + (1 - keep) * x[p][i]);
            if (name == "lookahead" && u % 4 == 0)
                x = Map(x, (p, i) => average[p][i]);
            Near(x, parameters);
            if (name == "lookahead")
                continue;
            double[][] training = TestProblem.Values(parameters);
            using (optimizer.EvaluationWeights())
            {
                Near(average, parameters);
                if (averaged > 0 || name == "ema")
                    Assert.Throws<InvalidOperationException>(() => optimizer.Step());
            }
            Assert.Equal(training.SelectMany(v => v), parameters.SelectMany(p => p.Values));
        }
    }

    [Fact]
    public void Bad_steps_are_left_out_a_number_of_times()
    {
        ArrayParameter<double> x = new("x", [1.0, 2], [double.NaN, 1]);
        Optimizer<double> optimizer = Wrap("skip-non-finite", "max_in_a_row=2", [x], 0);
        Assert.False(optimizer.Step().Applied);
        Assert.False(optimizer.Step().Applied);
        Assert.Contains("'x [2] Weight'", Assert.Throws<ArithmeticException>(() => optimizer.Step()).Message, StringComparison.Ordinal);
        Assert.Equal((1.0, 0L), (x.Values[0], optimizer.Updates));
        x.Gradient = [1.0, 1];
        Assert.True(optimizer.Step().Applied);
        // In a row: a good step begins the count anew.
        x.Gradient = [double.NaN, 1];
        Assert.False(optimizer.Step().Applied);
        Assert.False(optimizer.Step().Applied);
        Assert.Throws<ArithmeticException>(() => optimizer.Step());
    }

    /// <summary>Of 4000 elements one agrees with its gradient: the scale is 4000/max(1, 4), no more.</summary>
    [Fact]
    public void Cautious_steps_are_scaled_by_a_thousand_at_most()
    {
        ArrayParameter<double> x = new("x", new double[4000], [.. Enumerable.Repeat(1.0, 4000)]);
        Optimizer<double> optimizer = Wrap("cautious", "", [x], momentum: 0.9);
        optimizer.Step();
        Assert.Equal(-Rate, x.Values[7], 1e-15);
        x.Gradient = [.. Enumerable.Range(0, 4000).Select(i => i == 7 ? 1.0 : -0.5)];
        optimizer.Step();
        Assert.Equal(-Rate - Rate * 1.9 * 1000, x.Values[7], 1e-9); // the buffer is 0.9 + 1, elsewhere 0.9 − 0.5
        Assert.Equal(-Rate, x.Values[8], 1e-15);
    }

    [Fact]
    public void Settings_wrap_in_order_and_the_same_wrapper_fits_once()
    {
        OptimizerSettings settings = new() { Wrappers = [Wrappers["lookahead"].Bind(new() { { "k", 3 } }), Wrappers["ema"].Bind()] };
        Optimizer<float> optimizer = new Sgd().Create<float>([new ArrayParameter<float>("x", [1f])], new SgdOptions(), settings);
        Assert.Equal(("ema(lookahead(sgd))", "sgd"), (optimizer.Name, optimizer.Core));
        Assert.Contains(optimizer.State, e => e.Name == "x.lookahead_slow");
        Assert.Equal("lookahead (k = 3, alpha = 0.5)", settings.Wrappers[0].Description);
        Assert.Throws<ArgumentException>(() => Wrappers["ema"].Wrap(optimizer));
        Assert.Throws<ArgumentException>(() => Wrappers["ema"].Bind(new() { { "decay", 1 } }));
        Assert.Throws<InvalidOperationException>(() => Wrappers["sam"].Wrap(optimizer).Step());
    }

    private static void Resumes<T>(string name)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        TestProblem problem = TestProblem.Mixed();
        ArrayParameter<T>[] straight = problem.Parameters<T>(), resumed = problem.Parameters<T>();
        Optimizer<T> whole = Make(straight), part = Make(resumed);
        for (int t = 0; t < 17; t++)
        {
            if (t == 10)
            {
                StateTensor[] saved = [.. part.State.Select(e => e.ToTensor())];
                part = Make(resumed);
                part.LoadState(saved);
            }
            Go(whole, straight, t);
            Go(part, resumed, t);
        }
        Assert.Equal(straight.SelectMany(p => p.Values), resumed.SelectMany(p => p.Values));
        foreach ((StateEntry a, StateEntry b) in whole.State.Zip(part.State))
            Assert.True(a.Bytes.SequenceEqual(b.Bytes), a.Name);

        Optimizer<T> Make(ArrayParameter<T>[] parameters) => Wrappers[name].Wrap(new AdamW().Create<T>(parameters, new AdamWOptions { LearningRate = 0.05 }));

        void Go(Optimizer<T> optimizer, ArrayParameter<T>[] parameters, int t)
        {
            problem.WriteGradients(parameters, t);
            optimizer.Step(problem.Objective(parameters, () => t));
        }
    }

    private delegate double[][] Direction(TestProblem problem, double[][] x, int t, List<double[][]> past);

    private static void Follows(string name, string options, Direction direction, double momentum = 0)
    {
        TestProblem problem = TestProblem.Mixed();
        ArrayParameter<double>[] parameters = problem.Parameters<double>();
        Optimizer<double> optimizer = Wrap(name, options, parameters, momentum);
        double[][] x = problem.Start();
        List<double[][]> past = [];
        for (int t = 0; t < 12; t++)
        {
            problem.WriteGradients(parameters, t);
            optimizer.Step(problem.Objective(parameters, () => t));
            past.Add(problem.Gradient(x, t));
            double[][] d = direction(problem, x, t, past);
            x = Map(x, (p, i) => x[p][i] - Rate * d[p][i]);
            Near(x, parameters);
        }
    }

    private static Optimizer<double> Wrap(string name, string options, ArrayParameter<double>[] parameters, double momentum)
    {
        OptimizerSettings groups = new() { Groups = [new() { Name = "zero", Patterns = ["0.*"] }, new() { Name = "rest" }] };
        return Wrappers[name].Wrap(
            new Sgd().Create<double>(parameters, new SgdOptions { LearningRate = Rate, Momentum = momentum }, groups),
            OptionValues.Parse(options.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    private static void Near(double[][] expected, ArrayParameter<double>[] actual)
    {
        for (int p = 0; p < expected.Length; p++)
        {
            for (int i = 0; i < expected[p].Length; i++)
                Assert.Equal(expected[p][i], actual[p].Values[i], 1e-11);
        }
    }

    private static double[][] Map(double[][] x, Func<int, int, double> element) =>
        [.. x.Select((v, p) => v.Select((_, i) => element(p, i)).ToArray())];

    private static double Norm(double[][] g) => Math.Sqrt(g.Sum(v => v.Sum(e => e * e)));
}
