using FastGrad.Data;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Tests.Data;

public class DataLoaderTests
{
    // Row i has the features 10i and 10i + 1, the label i mod 3, the target −i.
    private static DataSet<float> Classes(int rows) =>
        DataSet<float>.Classification([.. Enumerable.Range(0, 2 * rows).Select(i => (float)((10 * (i / 2)) + (i % 2)))], 2, [.. Enumerable.Range(0, rows).Select(i => i % 3)]);

    private static DataSet<double> Line(int rows) =>
        DataSet<double>.Regression([.. Enumerable.Range(0, rows).Select(i => (double)i)], 1, [.. Enumerable.Range(0, rows).Select(i => -(double)i)]);

    private static List<int[]> Epoch<T>(DataLoader<T> loader)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, loader.BatchesPerEpoch).Select(_ => loader.NextBatch().ToArray())];

    [Property]
    public void AnEpochCoversEachRowExactlyOnce(PositiveInt rows, PositiveInt batch, bool shuffle, ulong seed)
    {
        var loader = new DataLoader<float>(Classes(rows.Get), new DataLoaderOptions { BatchSize = batch.Get, Shuffle = shuffle, Seed = seed });
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var batches = Epoch(loader);
            Assert.Equal(Enumerable.Range(0, rows.Get), batches.SelectMany(b => b).Order());
            Assert.All(batches.SkipLast(1), b => Assert.Equal(loader.BatchSize, b.Length));
            Assert.Equal(new LoaderPosition(epoch + 1, 0), loader.Position);
        }
    }

    [Property]
    public void DroppingLeavesFullBatchesAlone(PositiveInt rows, PositiveInt batch, ulong seed)
    {
        var size = 1 + (batch.Get % rows.Get);
        var batches = Epoch(new DataLoader<float>(Classes(rows.Get), new DataLoaderOptions { BatchSize = size, Seed = seed, LastBatch = LastBatch.Drop }));
        Assert.Equal(rows.Get / size, batches.Count);
        Assert.All(batches, b => Assert.Equal(size, b.Length));
        Assert.Equal(batches.Count * size, batches.SelectMany(b => b).Distinct().Count());
    }

    [Property]
    public void APositionResumesExactly(PositiveInt rows, PositiveInt batch, ulong seed, byte stop)
    {
        var options = new DataLoaderOptions { BatchSize = batch.Get, Seed = seed };
        var whole = new DataLoader<float>(Classes(rows.Get), options);
        for (var i = 0; i < stop; i++)
            whole.NextBatch();
        var resumed = new DataLoader<float>(Classes(rows.Get), options) { Position = whole.Position };
        for (var i = 0; i < 10; i++)
            Assert.Equal(whole.NextBatch().ToArray(), resumed.NextBatch().ToArray());
    }

    [Fact]
    public void EpochsAndSeedsHaveOrdersOfTheirOwn()
    {
        var options = new DataLoaderOptions { BatchSize = DataLoaderOptions.FullBatch, Seed = 1 };
        var loader = new DataLoader<float>(Classes(50), options);
        int[] first = loader.NextBatch().ToArray(), second = loader.NextBatch().ToArray();
        Assert.NotEqual(first, second);
        Assert.NotEqual(Enumerable.Range(0, 50), first);
        Assert.NotEqual(first, new DataLoader<float>(Classes(50), options with { Seed = 2 }).NextBatch().ToArray());
        Assert.Equal(Enumerable.Range(0, 50), new DataLoader<float>(Classes(50), options with { Shuffle = false }).NextBatch().ToArray());
    }

    [Fact]
    public void FullMiniAndStochasticBatches()
    {
        Assert.Equal([10], Sizes(DataLoaderOptions.FullBatch, LastBatch.Keep));
        Assert.Equal([10], Sizes(DataLoaderOptions.FullBatch, LastBatch.Drop));
        Assert.Equal([4, 4, 2], Sizes(4, LastBatch.Keep));
        Assert.Equal([4, 4], Sizes(4, LastBatch.Drop));
        Assert.Equal(Enumerable.Repeat(1, 10), Sizes(1, LastBatch.Keep));

        static IEnumerable<int> Sizes(int batch, LastBatch last) =>
            Epoch(new DataLoader<double>(Line(10), new DataLoaderOptions { BatchSize = batch, LastBatch = last })).Select(rows => rows.Length);
    }

    [Fact]
    public void GatheredBatchesAreTheRowsThatWereNamed()
    {
        var options = new DataLoaderOptions { BatchSize = 4, Seed = 9 };
        DataLoader<float> named = new(Classes(10), options), gathered = new(Classes(10), options);
        var features = new float[8];
        var labels = new int[4];
        for (var i = 0; i < 7; i++)
        {
            var rows = named.NextBatch().ToArray();
            Assert.Equal(rows.Length, gathered.NextBatch(features, labels));
            Assert.Equal(rows.SelectMany(row => new[] { 10f * row, (10f * row) + 1 }), features[..(2 * rows.Length)]);
            Assert.Equal(rows.Select(row => row % 3), labels[..rows.Length]);
        }

        DataLoader<double> line = new(Line(10), options);
        double[] xs = new double[4], ys = new double[4];
        line.NextBatch(xs, ys);
        Assert.Equal(xs.Select(x => -x), ys);
    }

    [Fact]
    public void AFailedBatchIsGivenAgain()
    {
        var loader = new DataLoader<float>(Classes(10), new DataLoaderOptions { BatchSize = 4 });
        Assert.Throws<ArgumentException>(() => loader.NextBatch(new float[7], new int[4]));
        Assert.Throws<ArgumentException>(() => loader.NextBatch(new float[8], new int[3]));
        Assert.Throws<InvalidOperationException>(() => loader.NextBatch(new float[8], new float[4]));
        Assert.Equal(default, loader.Position);
    }

    [Fact]
    public void NothingIsAllocatedPerBatchOrEpoch()
    {
        var loader = new DataLoader<float>(Classes(100), new DataLoaderOptions { BatchSize = 8 });
        float[] features = new float[16];
        int[] labels = new int[8];
        loader.NextBatch(features, labels);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            loader.NextBatch(features, labels);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void WhatCannotBeIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader<float>(Classes(10), new DataLoaderOptions { BatchSize = 0 }));
        Assert.Contains("no batch is left", Assert.Throws<ArgumentException>(() => new DataLoader<float>(Classes(10), new DataLoaderOptions { BatchSize = 11, LastBatch = LastBatch.Drop })).Message);
        var loader = new DataLoader<float>(Classes(10), new DataLoaderOptions { BatchSize = 4 });
        Assert.Throws<ArgumentOutOfRangeException>(() => loader.Position = new LoaderPosition(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => loader.Position = new LoaderPosition(-1, 0));
    }
}
