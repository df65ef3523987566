using System.Numerics;

namespace FastGrad.Data;

/// <summary>A division of rows into a train and a test set; both hold row indices in ascending order.</summary>
public sealed class RowSplit
{
    private readonly int[] _train;
    private readonly int[] _test;

    private RowSplit(int[] train, int[] test)
    {
        _train = train;
        _test = test;
    }

    /// <summary>The rows to train on, ascending.</summary>
    public ReadOnlySpan<int> Train => _train;

    /// <summary>The rows held out, ascending.</summary>
    public ReadOnlySpan<int> Test => _test;

    /// <summary>
    /// Splits each class by itself. A class of n ≥ 2 rows gives round(n · testFraction) of them to the test set, halves
    /// rounded away from zero, but at least 1 and at most n − 1; a class of one row gives it to the train set. So the test
    /// set's size differs from rows · testFraction by less than one row per class.
    /// </summary>
    /// <param name="labels">The class of each row.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="testFraction">The share of the test set, between 0 and 1, both excluded.</param>
    /// <param name="seed">Which rows of a class are tested is a function of the seed, the class and its size.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1, or a label is no class.</exception>
    /// <exception cref="ArgumentException">No class has two rows.</exception>
    public static RowSplit Stratified(ReadOnlySpan<int> labels, int classes, double testFraction, ulong seed)
    {
        CheckFraction(testFraction);
        var sizes = new int[classes];
        foreach (var label in labels)
        {
            if ((uint)label >= (uint)classes)
                throw new ArgumentOutOfRangeException(nameof(labels), label, $"A label is a class index from 0 to {classes - 1}.");
            sizes[label]++;
        }

        // One pass puts the rows in order of class, ascending within each, so that many classes cost no more than few.
        var end = new int[classes];
        for (var c = 1; c < classes; c++)
            end[c] = end[c - 1] + sizes[c - 1];
        var byClass = new int[labels.Length];
        for (var row = 0; row < labels.Length; row++)
            byClass[end[labels[row]]++] = row;

        var isTest = new bool[labels.Length];
        for (var c = 0; c < classes; c++)
            Draw(byClass.AsSpan(end[c] - sizes[c], sizes[c]), testFraction, seed, stream: (ulong)c, isTest);
        return Divide(isTest);
    }

    /// <summary>Splits rows as if all were of one class: see <see cref="Stratified"/>.</summary>
    /// <param name="rows">The number of rows, at least 2.</param>
    /// <param name="testFraction">The share of the test set, between 0 and 1, both excluded.</param>
    /// <param name="seed">Which rows are tested is a function of the seed and the number of rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="ArgumentException">There are fewer than two rows.</exception>
    public static RowSplit Plain(int rows, double testFraction, ulong seed)
    {
        CheckFraction(testFraction);
        var members = new int[rows];
        for (var i = 0; i < rows; i++)
            members[i] = i;
        var isTest = new bool[rows];
        Draw(members, testFraction, seed, stream: 0, isTest);
        return Divide(isTest);
    }

    /// <summary>
    /// Splits rows by one number each, so that both sets cover its range alike: in ascending order (equals by row) the rows
    /// are cut into as many runs of nearly equal length as there are rows to test, and each run gives one row to the test
    /// set. R² on a small test set varies less then from seed to seed than with <see cref="Plain"/>.
    /// </summary>
    /// <param name="targets">The number of each row, at least 2 of them.</param>
    /// <param name="testFraction">The share of the test set, between 0 and 1, both excluded.</param>
    /// <param name="seed">Which row of a run is tested is a function of the seed, the run and its length.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="ArgumentException">There are fewer than two rows.</exception>
    public static RowSplit Balanced<T>(ReadOnlySpan<T> targets, double testFraction, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckFraction(testFraction);
        var isTest = new bool[targets.Length];
        if (targets.Length >= 2)
        {
            var keys = targets.ToArray();
            var order = new int[keys.Length];
            for (var i = 0; i < order.Length; i++)
                order[i] = i;
            Array.Sort(order, (a, b) => keys[a].CompareTo(keys[b]) is var c && c != 0 ? c : a.CompareTo(b));
            var count = TestRows(order.Length, testFraction);
            var stream = SeededOrder.Stream(seed, SeededOrder.SplitPurpose, 0);
            for (var run = 0; run < count; run++)
            {
                int start = (int)((long)run * order.Length / count), end = (int)((long)(run + 1) * order.Length / count);
                isTest[order[start + (int)(((ulong)stream.UInt32((ulong)run) * (uint)(end - start)) >> 32)]] = true;
            }
        }

        return Divide(isTest);
    }

    private static int TestRows(int rows, double testFraction) =>
        Math.Clamp((int)Math.Round(rows * testFraction, MidpointRounding.AwayFromZero), 1, rows - 1);

    private static void Draw(ReadOnlySpan<int> members, double testFraction, ulong seed, ulong stream, bool[] isTest)
    {
        if (members.Length < 2)
            return;
        var order = new int[members.Length];
        SeededOrder.Fill(order, seed, SeededOrder.SplitPurpose, stream);
        var count = TestRows(members.Length, testFraction);
        for (var i = 0; i < count; i++)
            isTest[members[order[i]]] = true;
    }

    private static RowSplit Divide(bool[] isTest)
    {
        int[] train = [.. Enumerable.Range(0, isTest.Length).Where(row => !isTest[row])];
        int[] test = [.. Enumerable.Range(0, isTest.Length).Where(row => isTest[row])];
        if (test.Length == 0)
            throw new ArgumentException($"{isTest.Length} rows leave none to test; expected at least two rows, and of classes one with at least two.");
        return new RowSplit(train, test);
    }

    private static void CheckFraction(double testFraction)
    {
        if (!(testFraction > 0 && testFraction < 1))
            throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction, "The test fraction lies between 0 and 1, both excluded.");
    }
}
