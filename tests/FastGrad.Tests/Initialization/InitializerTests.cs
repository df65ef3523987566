using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Modules;
using Xunit;

namespace FastGrad.Tests.Initialization;

public sealed class InitializerTests
{
    private const int Out = 200, In = 300;

    // Bound of the uniform form, standard deviation of the normal one, from the papers' formulas.
    public static TheoryData<string, double, double> Formulas => new()
    {
        { "xavier", Math.Sqrt(6.0 / (In + Out)), Math.Sqrt(2.0 / (In + Out)) },
        { "he", Math.Sqrt(6.0 / In), Math.Sqrt(2.0 / In) },
        { "lecun", Math.Sqrt(3.0 / In), Math.Sqrt(1.0 / In) },
        { "xavier-tanh", 5.0 / 3 * Math.Sqrt(6.0 / (In + Out)), 5.0 / 3 * Math.Sqrt(2.0 / (In + Out)) },
        { "he-out", Math.Sqrt(6.0 / Out), Math.Sqrt(2.0 / Out) },
    };

    [Theory]
    [MemberData(nameof(Formulas))]
    public void BoundsAndMomentsAreThePapers(string name, double bound, double deviation)
    {
        (IInitializer<double> uniform, IInitializer<double> normal) = name switch
        {
            "xavier" => (Initializers.XavierUniform<double>(), Initializers.XavierNormal<double>()),
            "he" => (Initializers.HeUniform<double>(), Initializers.HeNormal<double>()),
            "lecun" => (Initializers.LeCunUniform<double>(), Initializers.LeCunNormal<double>()),
            "xavier-tanh" => (Initializers.XavierUniform<double>(Gain.Tanh), Initializers.XavierNormal<double>(Gain.Tanh)),
            _ => (Initializers.HeUniform<double>(mode: FanMode.Out), Initializers.HeNormal<double>(mode: FanMode.Out)),
        };
        double[] u = Draw(uniform, [Out, In]), z = Draw(normal, [Out, In]);
        Assert.All(u, x => Assert.InRange(x, -bound, bound));
        // The largest of n uniform numbers is within 20/n of the bound, but for odds of e^-20.
        Assert.InRange(u.Max(), bound * (1 - 20.0 / u.Length), bound);
        Assert.InRange(u.Min(), -bound, -bound * (1 - 20.0 / u.Length));
        AssertMoments(u, bound / Math.Sqrt(3), kurtosis: 1.8);
        AssertMoments(z, deviation, kurtosis: 3);
    }

    [Fact]
    public void LinearIsUniformByItsInputsLikePyTorch()
    {
        Linear<double> linear = new(In, Out);
        linear.Initialize(3);
        double bound = 1 / Math.Sqrt(In);
        foreach (NamedParameter<double> parameter in linear.NamedParameters())
        {
            double[] values = parameter.Tensor.ToArray();
            Assert.All(values, x => Assert.InRange(x, -bound, bound));
            Assert.True(values.Max() > 0.9 * bound && values.Min() < -0.9 * bound);
        }
    }

    [Fact]
    public void FansOfAConvolutionCountItsWindow()
    {
        Assert.Equal(new Fan(In: 16 * 9, Out: 32 * 9), Fan.Of([32, 16, 3, 3]));
        Assert.Equal(new Fan(In: 7, Out: 5), Fan.Of([5, 7]));
        Assert.Contains("[5]", Assert.Throws<ArgumentException>(() => Draw(Initializers.HeNormal<double>(), [5])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ValuesAreAFunctionOfSeedAndIndexAlone()
    {
        float[] values(ulong seed) => [.. Model().Initialize(seed).NamedParameters().SelectMany(p => p.Tensor.ToArray())];
        Assert.Equal(values(7), values(7));
        Assert.NotEqual(values(7), values(8));
        // Two equal layers get different numbers, and a later layer does not change an earlier one's.
        float[] all = values(7);
        Assert.NotEqual(all[..20], all[20..40]);
        Sequential<float> shorter = new(new Linear<float>(4, 4));
        Assert.Equal(all[..20], shorter.Initialize(7).NamedParameters().SelectMany(p => p.Tensor.ToArray()));

        static Module<float> Model() => new Sequential<float>(new Linear<float>(4, 4), new Linear<float>(4, 4));
    }

    [Fact]
    public void GainsAreFixedPoints()
    {
        // √2 keeps the second moment of a ReLU's output of normal numbers: E[relu(gz)²] = g²/2.
        double[] z = Draw(Initializers.Normal(0.0, 1.0), [100_000]);
        double second(double gain, double slope) => z.Average(x => Math.Pow(gain * (x > 0 ? x : slope * x), 2));
        Assert.Equal(1, second(Gain.Relu, 0), 0.02);
        Assert.Equal(1, second(Gain.LeakyRelu(0.3), 0.3), 0.02);
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializers.HeNormal<float>(gain: double.NaN));
    }

    [Fact]
    public void ConstantsAreConstant()
    {
        Assert.All(Draw(Initializers.Zeros<double>(), [3, 5]), x => Assert.Equal(0, x));
        Assert.All(Draw(Initializers.Constant(0.25), [7]), x => Assert.Equal(0.25, x));
    }

    [Theory]
    [InlineData(0, 1, -2, 2)]
    [InlineData(0.5, 0.02, -2, 2)]
    [InlineData(0, 1, 1, 1.5)]
    [InlineData(3, 2, double.NegativeInfinity, 0)]
    public void ATruncatedNormalHasItsDistribution(double mean, double deviation, double low, double high)
    {
        double[] x = Draw(Initializers.TruncatedNormal<double>(mean, deviation, low, high), [200, 200]);
        Assert.All(x, v => Assert.InRange(v, low, high));
        // Kolmogorov's distance to (Φ(z) − Φ(a))/(Φ(b) − Φ(a)); 1.95/√n is passed once in a thousand.
        double a = Normal((low - mean) / deviation), b = Normal((high - mean) / deviation);
        Array.Sort(x);
        double worst = x.Select((v, i) => Math.Abs((Normal((v - mean) / deviation) - a) / (b - a) - (i + 0.5) / x.Length)).Max();
        Assert.InRange(worst, 0, 1.95 / Math.Sqrt(x.Length));

        // Φ by integration of the density from 0, Simpson's rule.
        static double Normal(double z)
        {
            if (double.IsInfinity(z))
                return z > 0 ? 1 : 0;
            double h = z / 200, sum = 0;
            for (int i = 0; i <= 200; i++)
                sum += (i is 0 or 200 ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-h * i * h * i / 2);
            return 0.5 + sum * h / 3 / Math.Sqrt(2 * Math.PI);
        }
    }

    [Theory]
    [InlineData(12, 30)]
    [InlineData(30, 12)]
    [InlineData(20, 20)]
    public void OrthogonalVectorsAreOrthogonal(int rows, int columns)
    {
        double[] x = Draw(Initializers.Orthogonal<double>(gain: 2), [rows, columns]);
        bool wide = rows <= columns;
        int count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double dot = Enumerable.Range(0, length).Sum(k => wide ? x[i * columns + k] * x[j * columns + k] : x[k * columns + i] * x[k * columns + j]);
                Assert.Equal(i == j ? 4 : 0, dot, 1e-13);
            }
        }
        Assert.Contains("[5]", Assert.Throws<ArgumentException>(() => Draw(Initializers.Orthogonal<double>(), [5])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SparseColumnsHaveTheirZeros()
    {
        double[] x = Draw(Initializers.Sparse<double>(0.31, 0.5), [100, 40]);
        for (int c = 0; c < 40; c++)
            Assert.Equal(31, Enumerable.Range(0, 100).Count(r => x[r * 40 + c] == 0));
        Assert.True(Enumerable.Range(0, 100).Count(r => Enumerable.Range(0, 40).All(c => x[r * 40 + c] == 0)) == 0, "columns choose their rows apart");
        Assert.Equal(0.25, x.Where(v => v != 0).Average(v => v * v), 0.03);
    }

    [Fact]
    public void TheIdentityMapsAnInputToItself()
    {
        Assert.Equal([1, 0, 0, 0, 1, 0.0], Draw(Initializers.Identity<double>(), [2, 3]));
        double[] window = Draw(Initializers.Identity<double>(), [2, 2, 3, 3]);
        Assert.Equal([4, 31], Enumerable.Range(0, 36).Where(i => window[i] != 0)); // the middles of (0, 0) and (1, 1)
    }

    private static double[] Draw(IInitializer<double> initializer, Shape shape)
    {
        double[] values = new double[shape.Length];
        initializer.Fill(values, shape, ParameterStream.Of(11, 0));
        return values;
    }

    // Five standard errors of each moment.
    private static void AssertMoments(double[] x, double deviation, double kurtosis)
    {
        double n = x.Length, mean = x.Average(), square = x.Average(v => v * v), fourth = x.Average(v => v * v * v * v);
        Assert.InRange(mean, -5 * deviation / Math.Sqrt(n), 5 * deviation / Math.Sqrt(n));
        Assert.Equal(1, square / (deviation * deviation), 5 * Math.Sqrt((kurtosis - 1) / n));
        Assert.Equal(kurtosis, fourth / Math.Pow(deviation, 4), 0.15);
    }
}
