using FastGrad.Data;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Tests.Data;

public class RowSplitTests
{
    [Property]
    public void EveryRowIsInOneSetAndEveryClassInBoth(NonEmptyArray<byte> picks, byte fraction, ulong seed)
    {
        int[] labels = [0, 0, .. picks.Get.Select(pick => pick % 5)];
        var testFraction = (fraction + 1) / 257.0;
        var split = RowSplit.Stratified(labels, 5, testFraction, seed);
        int[] train = split.Train.ToArray(), test = split.Test.ToArray();

        Assert.Equal(Enumerable.Range(0, labels.Length), train.Concat(test).Order());
        Assert.Equal(train.Order(), train);
        Assert.Equal(test.Order(), test);
        foreach (var c in labels.Distinct())
        {
            var size = labels.Count(label => label == c);
            var tested = test.Count(row => labels[row] == c);
            if (size == 1)
                Assert.Equal(0, tested);
            else
                Assert.InRange(tested, Math.Clamp((size * testFraction) - 0.5, 1, size - 1), Math.Clamp((size * testFraction) + 0.5, 1, size - 1));
        }
    }

    [Fact]
    public void HalvesRoundAwayFromZero()
    {
        Assert.Equal(3, RowSplit.Plain(10, 0.25, 1).Test.Length);
        Assert.Equal(1, RowSplit.Plain(10, 0.01, 1).Test.Length);
        Assert.Equal(9, RowSplit.Plain(10, 0.99, 1).Test.Length);
    }

    [Fact]
    public void TheSeedAloneDecides()
    {
        var labels = Enumerable.Range(0, 200).Select(i => i % 4).ToArray();
        var one = RowSplit.Stratified(labels, 4, 0.3, 7);
        Assert.Equal(one.Test.ToArray(), RowSplit.Stratified(labels, 4, 0.3, 7).Test.ToArray());
        Assert.NotEqual(one.Test.ToArray(), RowSplit.Stratified(labels, 4, 0.3, 8).Test.ToArray());
        Assert.NotEqual(RowSplit.Plain(200, 0.3, 7).Test.ToArray(), RowSplit.Plain(200, 0.3, 8).Test.ToArray());
    }

    [Fact]
    public void ClassesAreDrawnIndependently()
    {
        // Two classes of equal size: one stream for both would hold out the same places of each.
        var labels = Enumerable.Range(0, 200).Select(i => i / 100).ToArray();
        var test = RowSplit.Stratified(labels, 2, 0.5, 3).Test.ToArray();
        Assert.NotEqual(test.Where(row => row < 100), test.Where(row => row >= 100).Select(row => row - 100));
    }

    [Fact]
    public void EveryRowIsHeldOutAboutAsOften()
    {
        // Binomial(2000, 0.25): six deviations are 116.
        var count = new int[20];
        for (ulong seed = 0; seed < 2000; seed++)
            foreach (var row in RowSplit.Plain(20, 0.25, seed).Test)
                count[row]++;
        Assert.All(count, times => Assert.InRange(times, 500 - 116, 500 + 116));
    }

    [Fact]
    public void DataSetsSplitByTheirKind()
    {
        var classes = DataSet<float>.Classification([.. Enumerable.Range(0, 100).Select(i => (float)i)], 1, [.. Enumerable.Range(0, 100).Select(i => i < 90 ? 0 : 1)]);
        var (train, test) = classes.Split(0.2, 5);
        Assert.Equal((80, 20, 2), (train.Rows, test.Rows, test.Labels.ToArray().Sum()));
        Assert.Equal(RowSplit.Stratified(classes.Labels, 2, 0.2, 5).Test.ToArray(), test.Features.ToArray().Select(x => (int)x));
        var line = DataSet<float>.Regression(classes.Features, 1, classes.Features);
        Assert.Equal(RowSplit.Balanced(line.Targets, 0.2, 5).Train.ToArray(), line.Split(0.2, 5).Train.Targets.ToArray().Select(x => (int)x));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    public void AFractionOutsideIsRefused(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RowSplit.Plain(10, fraction, 0));

    [Fact]
    public void TooFewRowsAreRefused()
    {
        Assert.Throws<ArgumentException>(() => RowSplit.Plain(1, 0.5, 0));
        Assert.Throws<ArgumentException>(() => RowSplit.Stratified([0, 1, 2], 3, 0.5, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RowSplit.Stratified([0, 3], 3, 0.5, 0));
    }

    [Fact]
    public void BalancedTakesOneRowOfEachRun()
    {
        // Ties, no order: 23 rows at 0.2 test 5, one of each fifth of the ascending order.
        double[] targets = [.. Enumerable.Range(0, 23).Select(i => (double)(i * 7 % 23 / 2))];
        int[] order = [.. Enumerable.Range(0, 23).OrderBy(i => targets[i]).ThenBy(i => i)];
        HashSet<string> splits = [];
        int[] taken = new int[23];
        for (ulong seed = 0; seed < 200; seed++)
        {
            RowSplit split = RowSplit.Balanced<double>(targets, 0.2, seed);
            Assert.Equal(Enumerable.Range(0, 23), split.Train.ToArray().Concat(split.Test.ToArray()).Order());
            Assert.Equal([0, 1, 2, 3, 4], split.Test.ToArray().Select(row => ((Array.IndexOf(order, row) + 1) * 5 - 1) / 23).Order());
            foreach (int row in split.Test)
                taken[row]++;
            splits.Add(string.Join(' ', split.Test.ToArray()));
        }
        Assert.All(taken, count => Assert.InRange(count, 15, 80)); // every row has its turn: 200/5 or 200/4 expected
        Assert.True(splits.Count > 150);
        Assert.Throws<ArgumentException>(() => RowSplit.Balanced<double>([1], 0.5, 0));
    }
}
