using System.Globalization;
using FastGrad.Data;
using FastGrad.Workloads.DataSets;
using Xunit;

namespace FastGrad.Workloads.Tests.DataSets;

public class BuiltInDataTests
{
    // Counts as the README of the data sets states them.
    [Theory]
    [InlineData("digits", 1797, 64, null)]
    [InlineData("iris", 150, 4, new[] { 50, 50, 50 })]
    [InlineData("wine", 178, 13, new[] { 59, 71, 48 })]
    [InlineData("breast-cancer", 569, 30, new[] { 212, 357 })]
    public void ClassificationSetsHaveTheirRowsAndClasses(string name, int rows, int columns, int[]? counts)
    {
        var data = BuiltInData.Load<float>(name);
        Assert.Equal((TargetKind.Classification, rows, columns), (data.Kind, data.Rows, data.Columns));
        Assert.Equal(counts?.Length ?? 10, data.Classes);
        Assert.Equal(Enumerable.Range(0, data.Classes).Select(c => c.ToString(CultureInfo.InvariantCulture)), data.LabelNames);
        if (counts is not null)
            Assert.Equal(counts, data.Labels.ToArray().CountBy(label => label).OrderBy(pair => pair.Key).Select(pair => pair.Value));
    }

    [Fact]
    public void DiabetesIsARegressionInRawUnits()
    {
        var data = BuiltInData.Load<double>("diabetes");
        Assert.Equal((TargetKind.Regression, 442, 10, 1), (data.Kind, data.Rows, data.Columns, data.Outputs));
        Assert.Equal([59, 2, 32.1, 101, 157, 93.2, 38, 4, 4.8598, 87], data.Row(0).ToArray());
        Assert.Equal(151, data.TargetRow(0)[0]);
        Assert.Equal(["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"], data.FeatureNames);
        Assert.Equal("target", Assert.Single(data.TargetNames));
    }

    [Fact]
    public void EveryNumberIsThatOfTheFile()
    {
        foreach (var name in BuiltInData.Names)
        {
            using var text = new StreamReader(BuiltInData.Open(name));
            var lines = text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var cells = lines.Skip(1).Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()).ToArray();
            var data = BuiltInData.Load<double>(name);
            Assert.Equal(cells.SelectMany(row => row[..^1]), data.Features.ToArray());
            Assert.Equal(cells.Select(row => row[^1]), data.Kind == TargetKind.Classification ? data.Labels.ToArray().Select(label => (double)label) : data.Targets.ToArray());
        }
    }

    [Fact]
    public void AutoFindsTheKindOfEach()
    {
        foreach (var name in BuiltInData.Names)
        {
            using var stream = BuiltInData.Open(name);
            Assert.Equal(BuiltInData.Kind(name), Workloads.Csv.CsvData.Read<double>(stream, name).Kind);
        }
    }

    [Fact]
    public void AnUnknownNameAnswersWithTheKnownOnes() =>
        Assert.Contains("digits, iris, wine, breast-cancer, diabetes", Assert.Throws<ArgumentException>(() => BuiltInData.Open("mnist")).Message);
}
