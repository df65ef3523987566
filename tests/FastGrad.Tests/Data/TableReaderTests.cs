using System.Data;
using System.Globalization;
using FastGrad.Data;
using Xunit;

namespace FastGrad.Tests.Data;

/// <summary>Tables of every column type, through the framework's own DbDataReader.</summary>
public class TableReaderTests
{
    private static DataTableReader Table(object?[][] rows, params (string Name, Type Type)[] columns)
    {
        var table = new DataTable();
        foreach (var (name, type) in columns)
            table.Columns.Add(name, type);
        foreach (var row in rows)
            table.Rows.Add(row);
        return table.CreateDataReader();
    }

    private static DataTableReader Targets<T>(params T[] targets) =>
        Table([.. targets.Select(target => new object?[] { 1.0, target })], ("x", typeof(double)), ("y", typeof(T)));

    private static string Refused(DataTableReader reader, TableOptions? options = null) =>
        Assert.Throws<DataFormatException>(() => DataSet<float>.Read(reader, options)).Message;

    [Fact]
    public void EveryNumberTypeIsReadAndRoundedOnce()
    {
        var values = new object[] { 1.5, 2.5f, 3L, 4, (short)5, (byte)6, 7.5m, true, (sbyte)-8, (uint)9, (ulong)10, (Half)11, "12.25" };
        var columns = values.Select((value, i) => ($"c{i}", value.GetType())).Append(("y", typeof(string))).ToArray();
        var data = DataSet<float>.Read(Table([[.. values, "k"]], columns));
        Assert.Equal([1.5f, 2.5f, 3, 4, 5, 6, 7.5f, 1, -8, 9, 10, 11, 12.25f], data.Features.ToArray());
    }

    [Fact]
    public void ATextIsRoundedToFloatOnceNotByWayOfDouble()
    {
        // Just above the midpoint of 1 and its successor: by way of double it would round to the midpoint, then to even, 1.
        var data = DataSet<float>.Read(Table([["1.00000005960464477540", 1]], ("x", typeof(string)), ("y", typeof(int))));
        Assert.Equal(MathF.BitIncrement(1), data.Features[0]);
    }

    [Fact]
    public void ADecimalIsRoundedAsItsText()
    {
        // The conversion of decimals with many digits is one unit off for about one in four.
        decimal[] values = [.. Enumerable.Range(1, 200).Select(i => 0.7071067811865475244008443621m / i)];
        var data = DataSet<double>.Read(Table([.. values.Select(v => new object?[] { v, 1 })], ("x", typeof(decimal)), ("y", typeof(int))));
        Assert.Equal(values.Select(v => double.Parse(v.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)), data.Features.ToArray());
    }

    [Fact]
    public void AutoTakesAtMostTwentyDistinctIntegersForClasses()
    {
        int[] twenty = [.. Enumerable.Range(0, 40).Select(i => i % 20)];
        Assert.Equal(TargetKind.Classification, DataSet<float>.Read(Targets(twenty)).Kind);
        var more = DataSet<float>.Read(Targets([.. twenty, 20]));
        Assert.Equal(TargetKind.Regression, more.Kind);
        Assert.Equal([.. twenty.Select(i => (float)i), 20], more.Targets.ToArray());
        Assert.Equal(TargetKind.Regression, DataSet<float>.Read(Targets(0, 1, 0.5)).Kind);
        Assert.Equal(TargetKind.Classification, DataSet<float>.Read(Targets("b", "a")).Kind);
        Assert.Equal(TargetKind.Classification, DataSet<float>.Read(Targets([.. Enumerable.Range(0, 30).Select(i => $"k{i}")])).Kind);
    }

    [Fact]
    public void IntegersAreOrderedByValueAndTextsOrdinally()
    {
        Assert.Equal(["-3", "2", "10"], DataSet<float>.Read(Targets(10.0, -3, 2)).LabelNames);
        Assert.Equal(["-3", "2", "10"], DataSet<float>.Read(Targets("10", "-3.0", "2")).LabelNames);
        Assert.Equal(["10", "2", "B", "a"], DataSet<float>.Read(Targets("a", "10", "2", "B"), new TableOptions { TargetKind = TargetKind.Classification }).LabelNames);
        Assert.Equal(["0", "1"], DataSet<float>.Read(Targets(false, true, false)).LabelNames);
        Assert.Equal("0", Assert.Single(DataSet<float>.Read(Targets(-0.0, 0.0)).LabelNames));
    }

    [Fact]
    public void AKnownModelsClassesKeepTheirCodes()
    {
        var options = new TableOptions { LabelNames = ["c", "a", "b"], TargetKind = TargetKind.Classification };
        var data = DataSet<float>.Read(Targets("a", "b"), options);
        Assert.Equal([1, 2], data.Labels.ToArray());
        Assert.Equal(3, data.Classes);
        Assert.Equal(3, DataSet<float>.Read(Targets(7, 5, 6), new TableOptions { LabelNames = ["6", "7", "5"] }).Classes);
        Assert.Equal([1, 2, 0], DataSet<float>.Read(Targets(7, 5, 6), new TableOptions { LabelNames = ["6", "7", "5"] }).Labels.ToArray());
        Assert.Equal("row 1, column 'y': 0.5 is no class: expected an integer or a text.", Refused(Targets(0.5), new TableOptions { LabelNames = ["0"] }));
        Assert.Equal("row 2, column 'y': 'd' is none of the classes 'c', 'a', 'b'.", Refused(Targets("a", "d"), options));
    }

    [Fact]
    public void KindsThatAreAskedForAreHeld()
    {
        var classes = new TableOptions { TargetKind = TargetKind.Classification };
        var regression = new TableOptions { TargetKind = TargetKind.Regression };
        Assert.Equal(30, DataSet<float>.Read(Targets([.. Enumerable.Range(0, 30)]), classes).Classes);
        Assert.Equal([0f, 1], DataSet<float>.Read(Targets(0, 1), regression).Targets.ToArray());
        Assert.Equal("row 2, column 'y': 0.5 is no class: expected an integer or a text.", Refused(Targets(0, 0.5), classes));
        Assert.Equal("row 2, column 'y': 'x' is no number.", Refused(Targets("1", "x"), regression));
    }

    [Fact]
    public void SeveralTargetsAreRegression()
    {
        var reader = Table([[1, 2, 3], [4, 5, 6]], ("u", typeof(int)), ("x", typeof(int)), ("v", typeof(int)));
        var data = DataSet<double>.Read(reader, new TableOptions { TargetColumns = ["v", "u"] });
        Assert.Equal((TargetKind.Regression, 2), (data.Kind, data.Outputs));
        Assert.Equal([3.0, 1, 6, 4], data.Targets.ToArray());
        Assert.Equal([2.0, 5], data.Features.ToArray());
    }

    [Fact]
    public void NullsAndValuesBeyondTheTypeAreRefused()
    {
        Assert.Equal("row 2, column 'x': the value is missing.", Refused(Table([[1.0, 1], [null, 1]], ("x", typeof(double)), ("y", typeof(int)))));
        Assert.Equal("t: row 1, column 'x': '1E+39' is not finite as Single; expected a finite number.", Refused(Table([[1e39, 1]], ("x", typeof(double)), ("y", typeof(int))), new TableOptions { Origin = "t" }));
        Assert.Equal("row 1, column 'y': the value is missing.", Refused(Table([[1.0, null]], ("x", typeof(double)), ("y", typeof(string)))));
        Assert.Contains("is no number", Refused(Table([[DateTime.UnixEpoch, 1]], ("x", typeof(DateTime)), ("y", typeof(int)))));
        Assert.Equal("there are no rows; expected at least one below the column names.", Refused(Table([], ("x", typeof(double)), ("y", typeof(int)))));
        Assert.Equal("row 1, column 'y': 'Infinity' is not finite as Single; expected a finite number.", Refused(Targets("Infinity"), new TableOptions { TargetKind = TargetKind.Regression }));
    }

    [Fact]
    public void OptionsThatContradictEachOtherAreRefused()
    {
        Assert.Throws<ArgumentException>(() => DataSet<float>.Read(Targets(1), new TableOptions { FeatureNames = ["x", "x"] }));
        Assert.Throws<ArgumentException>(() => DataSet<float>.Read(Targets(1), new TableOptions { FeatureNames = ["x"], TargetColumns = ["x"] }));
        Assert.Throws<ArgumentException>(() => DataSet<float>.Read(Targets(1), new TableOptions { TargetColumns = ["x", "y"], TargetKind = TargetKind.Classification }));
    }

    [Fact]
    public void ReadingStopsWhenCancelled() =>
        Assert.Throws<OperationCanceledException>(() => DataSet<float>.Read(Targets(1, 2), cancellation: new CancellationToken(true)));
}
