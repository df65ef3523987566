using System.Numerics;
using FastGrad.Data;
using FastGrad.Serialization;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Tests.Data;

public class StandardizerTests
{
    [Fact]
    public void MeanAndDeviationOfAKnownTable()
    {
        // 2 4 4 4 5 5 7 9 has mean 5 and population deviation 2.
        double[] table = [.. new double[] { 2, 4, 4, 4, 5, 5, 7, 9 }.SelectMany(x => new[] { x, 7, -x })];
        var scaling = Standardizer<double>.Fit(table, 3);
        Assert.Equal([5, 7, -5], scaling.Mean.ToArray());
        Assert.Equal([2, 1, 2], scaling.Deviation.ToArray());
        scaling.Apply(table);
        Assert.Equal([-1.5, 0, 1.5], table[..3]);
        Assert.Equal([2, 0, -2], table[^3..]);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1e300)]
    [InlineData(-5e-324)]
    public void AConstantColumnHasItsOwnMeanAndDeviationOne(double value)
    {
        // The sum of ten times 0.1 is not 1, so the mean must not come from it.
        var scaling = Standardizer<double>.Fit(Enumerable.Repeat(value, 10).ToArray(), 1);
        Assert.Equal((value, 1.0), (scaling.Mean[0], scaling.Deviation[0]));
    }

    [Theory]
    [InlineData(1e200)]
    [InlineData(1.0)]
    [InlineData(1e-200)]
    public void LargeAndTinyColumnsNeitherOverflowNorVanish(double unit)
    {
        var scaling = Standardizer<double>.Fit([-unit, unit, -unit, unit], 1);
        Assert.Equal((0.0, unit), (scaling.Mean[0], scaling.Deviation[0]));
    }

    [Fact]
    public void DigitsSurviveALargeMean()
    {
        // 10^9 + {4, 7, 13, 16}: variance 22.5 exactly; the one-pass formula in double has lost it.
        var scaling = Standardizer<double>.Fit([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16], 1);
        Assert.Equal(1e9 + 10, scaling.Mean[0]);
        Assert.Equal(Math.Sqrt(22.5), scaling.Deviation[0], 1e-15);
    }

    [Property]
    public void MomentsAgreeWithExactArithmetic(NonEmptyArray<short> column)
    {
        // Integers: n²·variance = n·Σx² − (Σx)² exactly.
        var xs = column.Get;
        BigInteger n = xs.Length, sum = 0, squares = 0;
        foreach (var x in xs)
            (sum, squares) = (sum + x, squares + ((BigInteger)x * x));
        var mean = (double)sum / xs.Length;
        var deviation = xs.All(x => x == xs[0]) ? 1 : Math.Sqrt((double)((n * squares) - (sum * sum))) / xs.Length;
        var scaling = Standardizer<float>.Fit([.. xs.Select(x => (float)x)], 1);
        Assert.Equal(mean, scaling.Mean[0], Math.Abs(mean) * 1e-15);
        Assert.Equal(deviation, scaling.Deviation[0], deviation * 1e-14);
    }

    [Property]
    public void InverseUndoesApplyToRounding(NonEmptyArray<int> values, PositiveInt columns)
    {
        var width = 1 + (columns.Get % 5);
        double[] table = [.. Enumerable.Range(0, values.Get.Length * width).Select(i => values.Get[i / width] * (1.0 + (i % width * 1e3)) / 7)];
        var scaling = Standardizer<double>.Fit(table, width);
        var back = table.ToArray();
        scaling.Apply(back);
        scaling.Inverse(back);
        for (var i = 0; i < table.Length; i++)
            Assert.Equal(table[i], back[i], 4 * double.BitIncrement(Math.Max(Math.Abs(table[i]), Math.Abs(scaling.Mean[i % width]))) * 2.3e-16);
    }

    [Fact]
    public void StandardisedColumnsHaveMeanZeroAndDeviationOne()
    {
        float[] table = [.. Enumerable.Range(0, 300).Select(i => (float)(((i * 7919) % 101) + (1000 * (i % 3))))];
        Standardizer<float>.Fit(table, 3).Apply(table);
        for (var j = 0; j < 3; j++)
        {
            double[] column = [.. table.Where((_, i) => i % 3 == j).Select(x => (double)x)];
            Assert.Equal(0, column.Average(), 1e-6);
            Assert.Equal(1, column.Average(x => x * x), 1e-6);
        }
    }

    [Fact]
    public void ItIsSavedAndLoadedBitForBit()
    {
        var scaling = Standardizer<float>.Fit([0.1f, 3, 0.7f, 3, 0.9f, 3], 2);
        var writer = new SafeTensorsWriter();
        scaling.Save(writer, "features");
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        stream.Position = 0;
        var loaded = Standardizer<float>.Load(SafeTensors.Load(stream, "m"), "features");
        Assert.Equal(scaling.Mean.ToArray(), loaded.Mean.ToArray());
        Assert.Equal(scaling.Deviation.ToArray(), loaded.Deviation.ToArray());
    }

    [Fact]
    public void ADamagedFileIsNoStandardizer()
    {
        var writer = new SafeTensorsWriter();
        writer.Add<double>("f.mean", [1], [0]);
        writer.Add<double>("f.std", [1], [0]);
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        stream.Position = 0;
        Assert.Contains("'f.std'", Assert.Throws<InvalidDataException>(() => Standardizer<float>.Load(SafeTensors.Load(stream, "m"), "f")).Message);
    }

    [Fact]
    public void WhatDoesNotFitIsNamed()
    {
        Assert.Throws<ArgumentException>(() => Standardizer<double>.Fit([1, 2, 3], 2));
        Assert.Throws<ArgumentException>(() => Standardizer<double>.Fit([], 2));
        Assert.Throws<ArgumentException>(() => Standardizer<double>.Fit([double.MaxValue, double.PositiveInfinity, 0], 1));
        var scaling = Standardizer<double>.Fit([1, 2, 3, 5], 2);
        Assert.Throws<ArgumentException>(() => scaling.Apply(new double[3]));
        Assert.Throws<ArgumentException>(() => scaling.Inverse(new double[4], new double[2]));
    }

    /// <summary>Near the largest number the sum, the differences and the products leave the format; the result does not.</summary>
    [Theory]
    [InlineData(1.7e308, -1.7e308)]
    [InlineData(1.7e308, 1.6e308)]
    [InlineData(-1.79e308, -1.2e308)]
    public void Values_near_the_largest_number_are_scaled(double a, double b)
    {
        double[] values = [a, b, b, a, a];
        Standardizer<double> fitted = Standardizer<double>.Fit(values, 1);
        decimal scale(double x) => (decimal)(x / 1e300); // what decimal holds exactly enough
        decimal mean = values.Select(scale).Average(), variance = values.Select(scale).Average(x => (x - mean) * (x - mean));
        Assert.Equal((double)mean, fitted.Mean[0] / 1e300, 1e-6);
        Assert.Equal(Math.Sqrt((double)variance), fitted.Deviation[0] / 1e300, 1e-6);
        double[] scaled = [.. values];
        fitted.Apply(scaled.AsSpan());
        for (int i = 0; i < 5; i++)
            Assert.Equal((double)(scale(values[i]) - mean) / Math.Sqrt((double)variance), scaled[i], 1e-9);
        fitted.Inverse(scaled.AsSpan());
        for (int i = 0; i < 5; i++)
            Assert.Equal(values[i], scaled[i], 1e-13 * Math.Abs(values[i]));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_no_number_is_refused(double bad) => Assert.Throws<ArgumentException>(() => Standardizer<double>.Fit([1, bad, 3], 1));
}
