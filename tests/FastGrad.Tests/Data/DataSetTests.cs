using FastGrad.Data;
using Xunit;

namespace FastGrad.Tests.Data;

public class DataSetTests
{
    [Fact]
    public void ClassificationKeepsWhatItWasGiven()
    {
        float[] features = [1, 2, 3, 4, 5, 6];
        var data = DataSet<float>.Classification(features, 2, [1, 0, 1], ["no", "yes"], ["a", "b"], "answer");
        features[0] = 99;
        Assert.Equal((TargetKind.Classification, 3, 2, 2, 0), (data.Kind, data.Rows, data.Columns, data.Classes, data.Outputs));
        Assert.Equal([1f, 2, 3, 4, 5, 6], data.Features.ToArray());
        Assert.Equal([3f, 4], data.Row(1).ToArray());
        Assert.Equal([1, 0, 1], data.Labels.ToArray());
        Assert.Equal(["no", "yes"], data.LabelNames);
        Assert.Equal("answer", Assert.Single(data.TargetNames));
        Assert.Empty(data.Targets.ToArray());
    }

    [Fact]
    public void NamesAreMadeWhereNoneAreGiven()
    {
        var data = DataSet<double>.Classification([1.0, 2, 3, 4], 2, [0, 2]);
        Assert.Equal(["x0", "x1"], data.FeatureNames);
        Assert.Equal(["0", "1", "2"], data.LabelNames);
        Assert.Equal(["y0", "y1"], DataSet<double>.Regression([1.0, 2], 1, [3.0, 4, 5, 6], 2).TargetNames);
    }

    [Fact]
    public void SelectTakesRowsInOrderAndKeepsAllClasses()
    {
        var data = DataSet<double>.Classification([10.0, 11, 20, 21, 30, 31], 2, [0, 1, 2]).Select([2, 0, 2]);
        Assert.Equal([30.0, 31, 10, 11, 30, 31], data.Features.ToArray());
        Assert.Equal([2, 0, 2], data.Labels.ToArray());
        Assert.Equal(3, data.Classes);
        var line = DataSet<double>.Regression([1.0, 2], 1, [3.0, 4, 5, 6], 2).Select([1]);
        Assert.Equal([5.0, 6], line.TargetRow(0).ToArray());
    }

    [Fact]
    public void StandardizingScalesFeaturesAndTargetsOnTheirOwn()
    {
        var data = DataSet<double>.Regression([0.0, 7, 4, 7], 2, [10.0, 30]);
        var features = Standardizer<double>.Fit(data.Features, 2);
        Assert.Equal([-1.0, 0, 1, 0], data.Standardize(features).Features.ToArray());
        Assert.Equal([10.0, 30], data.Standardize(features).Targets.ToArray());
        Assert.Equal([-1.0, 1], data.Standardize(features, Standardizer<double>.Fit(data.Targets, 1)).Targets.ToArray());
        Assert.Equal([0.0, 7, 4, 7], data.Features.ToArray());
        Assert.Contains("1 columns, the features 2", Message(() => data.Standardize(Standardizer<double>.Fit([1.0], 1))));
        Assert.Contains("2 columns, the regression targets 1", Message(() => data.Standardize(features, features)));
    }

    [Fact]
    public void WhatDoesNotFitIsNamed()
    {
        Assert.Contains("5 values; expected a positive multiple of 2", Message(() => DataSet<double>.Unlabelled([1.0, 2, 3, 4, 5], 2)));
        Assert.Contains("features[1, 0] is NaN", Message(() => DataSet<double>.Unlabelled([1.0, 2, double.NaN, 4], 2)));
        Assert.Contains("at least one value, not 0", Message(() => DataSet<double>.Unlabelled([1.0], 0)));
        Assert.Contains("3 values for 2 rows", Message(() => DataSet<double>.Classification([1.0, 2], 1, [0, 1, 0])));
        Assert.Contains("0 to 1", Message(() => DataSet<double>.Classification([1.0, 2], 1, [0, 2], ["a", "b"])));
        Assert.Contains("from 0", Message(() => DataSet<double>.Classification([1.0, 2], 1, [0, -1])));
        Assert.Contains("'a' more than once", Message(() => DataSet<double>.Unlabelled([1.0, 2], 2, ["a", "a"])));
        Assert.Contains("targets has 1 rows of 1, features has 2 rows of 1", Message(() => DataSet<double>.Regression([1.0, 2], 1, [1.0])));
        Assert.Contains("2 rows", Message(() => DataSet<double>.Unlabelled([1.0, 2], 1).Row(2)));
    }

    [Fact]
    public void CopiesRefuseShortSpansAndOtherTargets()
    {
        var data = DataSet<double>.Regression([1.0, 2], 1, [3.0, 4]);
        Assert.Contains("need 2", Message(() => data.CopyFeatures([0, 1], new double[1])));
        Assert.Throws<InvalidOperationException>(() => data.CopyLabels([0], new int[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.CopyTargets([2], new double[1]));
    }

    private static string Message(Action act) => Assert.ThrowsAny<ArgumentException>(act).Message;
}
