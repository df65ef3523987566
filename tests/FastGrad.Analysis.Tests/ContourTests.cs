using System.Globalization;
using System.Xml.Linq;
using FastGrad.Analysis.Landscapes;
using FsCheck.Xunit;

namespace FastGrad.Analysis.Tests;

/// <summary>Contours against closed forms, and pictures that are XML, the same each time.</summary>
public sealed class ContourTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    private static LossSurface Sample(Func<double, double, double> f, int count = 41, double range = 2) =>
        Landscape.Slice(f, GridAxis.Around(range, count, "x"), GridAxis.Around(range, count, "y"));

    private static LossSurface Cell(double a, double b, double c, double d) =>
        Landscape.Slice((x, y) => (x, y) switch { (0, 0) => a, (1, 0) => b, (1, 1) => c, _ => d }, new(0, 1, 2), new(0, 1, 2));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 9)] // an ellipse
    public void TheLinesOfAQuadraticAreEllipses(double a, double b)
    {
        foreach (double level in (double[])[0.1, 0.9, 2.4])
        {
            ContourLine line = Assert.Single(Contour.Of(Sample((x, y) => a * x * x + b * y * y, 81), level).Lines);
            Assert.True(line.IsClosed);
            foreach (PlanePoint p in line.Points)
            {
                // Between nodes at distance h interpolation is off by no more than h²/8·f″, f″ = 2·max(a, b).
                Assert.Equal(level, a * p.X * p.X + b * p.Y * p.Y, 0.05 * 0.05 / 8 * 2 * Math.Max(a, b) + 1e-12);
            }
            // The polygon's area is the ellipse's, π·level/√(ab), to second order.
            Assert.Equal(Math.PI * level / Math.Sqrt(a * b), Math.Abs(Area(line)), 0.01);
        }
    }

    [Fact]
    public void TheLinesOfAPlaneAreStraightAndReachTheBorder()
    {
        // x + 2·y = 0.3 on [−2, 2]²: from (−2, 1.15) to (2, −0.85). Linear interpolation is exact.
        ContourLine line = Assert.Single(Contour.Of(Sample((x, y) => x + 2 * y, 9), 0.3).Lines);
        Assert.False(line.IsClosed);
        foreach (PlanePoint p in line.Points)
            Assert.Equal(0.3, p.X + 2 * p.Y, 1e-12);
        PlanePoint left = line.Points.MinBy(p => p.X), right = line.Points.MaxBy(p => p.X);
        Assert.Equal((-2, 1.15), (left.X, Math.Round(left.Y, 12)));
        Assert.Equal((2, -0.85), (right.X, Math.Round(right.Y, 12)));
        Assert.True(line.Points[0] == left || line.Points[0] == right);
        Assert.True(line.Points[^1] == left || line.Points[^1] == right);
    }

    [Theory]
    [InlineData(0.4, 0)] // below the mean of the corners, 1/2: those of 1 are connected, those of 0 cut off
    [InlineData(0.6, 1)]
    public void TheMeanDecidesASaddle(double level, double cutOff)
    {
        foreach (LossSurface cell in (LossSurface[])[Cell(1, 0, 1, 0), Cell(0, 1, 0, 1)])
        {
            Contour contour = Contour.Of(cell, level);
            Assert.Equal(2, contour.Lines.Count);
            foreach (ContourLine line in contour.Lines)
            {
                PlanePoint middle = new((line.Points[0].X + line.Points[1].X) / 2, (line.Points[0].Y + line.Points[1].Y) / 2);
                // A line cuts off the corner that it lies nearest to.
                Assert.Equal(cutOff, cell[(int)Math.Round(middle.X), (int)Math.Round(middle.Y)]);
            }
        }
    }

    [Fact]
    public void ALevelThatNodesHaveIsNoTrouble()
    {
        Assert.Empty(Contour.Of(Sample((_, _) => 1), 1).Lines);
        // A single node at the level, all else below: a point, and no line.
        Assert.Empty(Contour.Of(Sample((x, y) => -x * x - y * y, 5), 0).Lines);
        // |x| + |y| = 1 through nodes: a square of area 2.
        ContourLine diamond = Assert.Single(Contour.Of(Sample((x, y) => Math.Abs(x) + Math.Abs(y), 9), 1).Lines);
        Assert.Equal(2, Math.Abs(Area(diamond)), 1e-12);
        Assert.Equal("level", Assert.Throws<ArgumentOutOfRangeException>(() => Contour.Of(Sample((x, _) => x), double.NaN)).ParamName);
    }

    [Fact]
    public void CellsThatAreNotFiniteHaveNoLine()
    {
        LossSurface s = Sample((x, y) => y > 1 ? double.NaN : y < -1 ? double.PositiveInfinity : x, 9);
        ContourLine line = Assert.Single(Contour.Of(s, 0.25).Lines);
        Assert.Equal(-1, line.Points.Min(p => p.Y));
        Assert.Equal(1, line.Points.Max(p => p.Y));
        Assert.All(line.Points, p => Assert.Equal(0.25, p.X, 1e-12));
        // What is a number: all but the upper quarter; infinity is above every level.
        Assert.Equal(4 * 3, Contour.Above(s, double.NegativeInfinity).Lines.Sum(l => Math.Abs(Area(l))), 1e-12);
    }

    [Property(MaxTest = 60)]
    public void PartsAboveHaveTheirShare(int seed)
    {
        // Random nodes: the even-odd area above ℓ and that of the negated surface above −ℓ fill the square.
        double[] values = [.. Enumerable.Range(0, 36).Select(i => Math.Sin(seed % 1000 + 12.9898 * i * i))];
        GridAxis axis = new(0, 5, 6);
        int k = 0, n = 0;
        LossSurface s = Landscape.Slice((_, _) => values[k++], axis, axis), minus = Landscape.Slice((_, _) => -values[n++], axis, axis);
        const double Level = 0.1;
        Assert.All(Contour.Above(s, Level).Lines, line => Assert.True(line.IsClosed));
        Assert.Equal(25, Above(s, Level) + Above(minus, -Level), 1e-9);
        // Each crossing of an edge lies on a line, once.
        int crossings = 0;
        for (int j = 0; j < 6; j++)
        {
            for (int i = 0; i < 6; i++)
                crossings += (i < 5 && s[i, j] >= Level != s[i + 1, j] >= Level ? 1 : 0) + (j < 5 && s[i, j] >= Level != s[i, j + 1] >= Level ? 1 : 0);
        }
        Assert.Equal(crossings, Contour.Of(s, Level).Lines.Sum(line => line.Points.Distinct().Count()));

        // Lines never cross: a line inside an odd number of others bounds a hole.
        static double Above(LossSurface s, double level)
        {
            IReadOnlyList<ContourLine> lines = Contour.Above(s, level).Lines;
            return lines.Sum(line => (lines.Count(other => other != line && Contains(other, line)) % 2 == 0 ? 1 : -1) * Math.Abs(Area(line)));
        }
    }

    // Whether a polygon's corner lies within another polygon, by the even-odd rule; one that is not on the other's outline.
    private static bool Contains(ContourLine outer, ContourLine inner)
    {
        PlanePoint p = inner.Points.First(q => !outer.Points.Contains(q));
        bool within = false;
        for (int i = 0, j = outer.Points.Count - 1; i < outer.Points.Count; j = i++)
        {
            (PlanePoint a, PlanePoint b) = (outer.Points[i], outer.Points[j]);
            if (a.Y > p.Y != b.Y > p.Y && p.X < (b.X - a.X) * (p.Y - a.Y) / (b.Y - a.Y) + a.X)
                within = !within;
        }
        return within;
    }

    private static double Area(ContourLine line)
    {
        double twice = 0;
        for (int i = 0; i < line.Points.Count; i++)
        {
            (PlanePoint p, PlanePoint q) = (line.Points[i], line.Points[(i + 1) % line.Points.Count]);
            twice += p.X * q.Y - q.X * p.Y;
        }
        return twice / 2;
    }

    [Fact]
    public void LevelsAreWhatTheyAreCalled()
    {
        // Values 0, 1, 2 … 24 on 5×5 nodes.
        int k = 0;
        LossSurface s = Landscape.Slice((_, _) => k++, new(0, 1, 5), new(0, 1, 5));
        Assert.Equal([6, 12, 18], ContourLevels.Even(s, 3));
        Assert.Equal([6, 12, 18], ContourLevels.Quantiles(s, 3));
        double[] expected = [0.024, 0.24, 2.4]; // 24·10^(−4 + k)
        Assert.All(ContourLevels.Logarithmic(s, 3).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-14));
        Assert.Equal(ContourLevels.Even(s, 5), ContourLevels.Fitting(s, 5));
        LossSurface steep = Sample((x, y) => (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x));
        Assert.Equal(ContourLevels.Logarithmic(steep, 5), ContourLevels.Fitting(steep, 5));
        Assert.Empty(ContourLevels.Even(Sample((_, _) => 3), 4));
        Assert.Empty(ContourLevels.Quantiles(Sample((_, _) => double.NaN), 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContourLevels.Even(s, 0));
    }

    [Fact]
    public void APictureIsXmlAndTheSameEachTime()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        string first = Draw(), second;
        try
        {
            CultureInfo.CurrentCulture = new("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            second = Draw();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        Assert.Equal(first, second);
        XElement svg = XDocument.Parse(first).Root!;
        Assert.Equal("f < g & \"h\" \uFFFD", svg.Element(s_svg + "title")!.Value);
        string[] texts = [.. svg.Descendants(s_svg + "text").Select(t => t.Value)];
        Assert.Contains("−2", texts);
        Assert.Contains("0", texts);
        Assert.Contains("a way <", texts);
        Assert.Contains("empty", texts);
        Assert.Equal(2, svg.Descendants(s_svg + "circle").Count()); // start and end of the one way that has places
        Assert.True(first.Length < 60_000, $"{first.Length}");
        Assert.DoesNotContain("NaN", first);
        Assert.DoesNotContain("∞", first);

        // The circle of radius 1 is drawn where the axes say: 440 pixels for 4 units, its middle at 220.
        XElement inset = svg.Element(s_svg + "svg")!;
        XElement contour = inset.Elements(s_svg + "path").First(p => (string?)p.Attribute("stroke-opacity") == ".45");
        double[] numbers = [.. ((string)contour.Attribute("d")!).Split(['M', 'L', 'Z', ' '], StringSplitOptions.RemoveEmptyEntries).Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        Assert.True(numbers.Length > 100);
        for (int i = 0; i < numbers.Length; i += 2)
            Assert.Equal(110, Math.Sqrt((numbers[i] - 220) * (numbers[i] - 220) + (numbers[i + 1] - 220) * (numbers[i + 1] - 220)), 0.3);

        static string Draw() => new LandscapePicture(Sample((x, y) => x > 1.9 ? double.PositiveInfinity : x * x + y * y), [1, 2, 3]) { Title = "f < g & \"h\" \u0001" }
            .Add("a way <", [new(-1.5, 1), new(double.NaN, 0), new(0.5, 1e300), new(0, 0)])
            .Add("empty", [])
            .ToSvg();
    }

    [Fact]
    public void APictureWithoutAnyNumberIsStillOne()
    {
        XDocument.Parse(new LandscapePicture(Sample((_, _) => double.NaN)).ToSvg());
        XDocument.Parse(new LandscapePicture(Sample((_, _) => 7)).ToSvg());
        Assert.Equal("levels", Assert.Throws<ArgumentException>(() => new LandscapePicture(Sample((x, _) => x), [1, 1])).ParamName);
    }
}
