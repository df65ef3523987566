using System.Globalization;
using System.Xml.Linq;
using FastGrad.Analysis.Pictures;

namespace FastGrad.Analysis.Tests;

/// <summary>Charts as SVG: where points lie, what ticks say, what leaves a gap.</summary>
public sealed class ChartTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    private static XElement[] Paths(Chart chart) => [.. XDocument.Parse(chart.ToSvg()).Root!.Element(s_svg + "svg")!.Elements(s_svg + "path").Skip(1)];

    private static string[] Texts(Chart chart) => [.. XDocument.Parse(chart.ToSvg()).Root!.Elements(s_svg + "text").Select(text => text.Value)];

    [Fact]
    public void PointsLieWhereTheirNumbersSay()
    {
        Chart chart = new Chart("t") { Width = 172, Height = 188, RangeX = (0, 10), RangeY = (-1, 1) }.Line("", [0, 5, 10], [-1, 1, 0]); // 100 by 100 pixels inside
        Assert.Equal("M0 100L50 0 100 50", Paths(chart).Single().Attribute("d")!.Value);
        chart = new Chart("t") { Width = 172, Height = 188, RangeX = (1, 100), RangeY = (0.01, 1), LogX = true, LogY = true }.Points("p", [1, 10, 100], [1, 0.1, 0.01]);
        Assert.Equal("M0 0h0M50 50h0M100 100h0", Paths(chart)[0].Attribute("d")!.Value);
    }

    [Fact]
    public void StraightRunsAreLeftOutAndGapsAreLeft()
    {
        Chart chart = new Chart("t") { Width = 172, Height = 188, RangeX = (0, 100), RangeY = (0, 100) }
            .Line("", Enumerable.Range(0, 51).Select(i => 2.0 * i), Enumerable.Range(0, 51).Select(i => 2.0 * i))
            .Line("", [0, 10, 20, 30, 40], [0, 10, double.NaN, 30, 50]);
        Assert.Equal("M0 100L100 0", Paths(chart)[0].Attribute("d")!.Value);
        Assert.Equal("M0 100L10 90M30 70L40 50", Paths(chart)[1].Attribute("d")!.Value);
        // There and back along a line: the end that is passed twice is a corner.
        Chart back = new Chart("t") { Width = 172, Height = 188, RangeX = (0, 100), RangeY = (0, 100) }.Line("", [0, 80, 20], [0, 80, 20]);
        Assert.Equal("M0 100L80 20 20 80", Paths(back).Single().Attribute("d")!.Value);
    }

    [Theory]
    [InlineData(0, 10, "0 2 4 6 8 10")]
    [InlineData(-0.3, 0.41, "−0.3 −0.2 −0.1 0.0 0.1 0.2 0.3 0.4")]
    [InlineData(1e6, 1.2e6, "1000000 1050000 1100000 1150000 1200000")]
    public void LinearTicksAreRoundNumbers(double low, double high, string ticks) =>
        Assert.Equal(ticks.Split(' '), Texts(new Chart("t") { RangeX = (low, high), RangeY = (0, 1) }.Line("", [low, high], [0, 1]))[..ticks.Split(' ').Length]);

    [Theory]
    [InlineData(1e-3, 1e3, "0.001 0.01 0.1 1 10 100 1000")]
    [InlineData(1e-14, 1, "10⁻¹⁴ 10⁻¹² 10⁻¹⁰ 10⁻⁸ 10⁻⁶ 10⁻⁴ 10⁻² 10⁰")]
    [InlineData(2, 30, "2 5 10 20")]
    public void LogarithmicTicksAreDecades(double low, double high, string ticks) =>
        Assert.Equal(ticks.Split(' '), Texts(new Chart("t") { LogX = true, RangeX = (low, high), RangeY = (0, 1) }.Line("", [low, high], [0, 1]))[..ticks.Split(' ').Length]);

    [Fact]
    public void EqualNumbersHaveRoomAndTextIsEscaped()
    {
        Chart chart = new Chart("a < b & c", "<x>", "y").Line("<", [1, 2], [3, 3]);
        Assert.Contains("a < b & c", Texts(chart));
        string[] at = Paths(chart)[0].Attribute("d")!.Value.Split('L')[1].Split(' ');
        Assert.Equal(116, double.Parse(at[1], CultureInfo.InvariantCulture)); // in the middle of 232
    }

    [Fact]
    public void WhatCannotBeDrawnIsRefused()
    {
        Assert.Throws<ArgumentException>(() => new Chart("t").Line("", [1, 2], [1]));
        Assert.Throws<ArgumentException>(() => new Chart("t").Points("", [], []));
        Assert.Throws<InvalidOperationException>(() => new Chart("t").ToSvg());
        Assert.Throws<InvalidOperationException>(() => new Chart("t") { LogY = true }.Line("", [1, 2], [0, -1]).ToSvg());
        Assert.Throws<InvalidOperationException>(() => new Chart("t") { RangeX = (1, 1) }.Line("", [1, 2], [0, -1]).ToSvg());
    }
}
