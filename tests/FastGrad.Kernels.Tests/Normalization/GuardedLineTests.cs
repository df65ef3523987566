using System.Numerics;
using FastGrad.Kernels.Indexing;
using FastGrad.Kernels.Normalization;
using FastGrad.Kernels.Philox;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Tests.Guarded;
using Xunit;

namespace FastGrad.Kernels.Tests.Normalization;

/// <summary>
/// Reductions along an axis and every kernel of rows, lines and channels touch nothing outside their spans: each operand ends, or begins, at an inaccessible page, for
/// every number of neighbouring lines up to four vectors and more, and so for every alignment.
/// </summary>
public sealed class GuardedLineTests
{
    private static IEnumerable<int> Inner => [.. Enumerable.Range(1, 4 * 16 + 2), 127, 128, 129, 255, 257];

    private static IEnumerable<int> Columns => [.. Enumerable.Range(1, 8 * 16 + 2), 255, 256, 257, 1023, 1024, 1040];

    public static TheoryData<Guard, bool> Cases() => new() { { Guard.After, false }, { Guard.Before, false }, { Guard.After, true }, { Guard.Before, true } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reductions_along_an_axis(Guard guard, bool inDouble)
    {
        foreach (int inner in Inner)
            if (inDouble)
                Along<double>(2, inner % 5 + 1, inner, guard);
            else
                Along<float>(2, inner % 37 + 1, inner, guard);
        foreach (int axis in Columns)
            Along<float>(2, axis, 1, guard);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Softmax_and_its_kin_along_an_axis(Guard guard, bool inDouble)
    {
        foreach (int inner in Inner)
            if (inDouble)
                Lines<double>(2, 3, inner, guard);
            else
                Lines<float>(2, 3, inner, guard);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rows(Guard guard, bool inDouble)
    {
        foreach (int columns in Columns)
            if (inDouble)
                EachRow<double>(3, columns, guard);
            else
                EachRow<float>(3, columns, guard);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Channels(Guard guard, bool inDouble)
    {
        foreach (int inner in Inner)
        {
            if (inDouble)
                Channel<double>(new(2, 4, inner), guard);
            else
                Channel<float>(new(2, 4, inner), guard);
            Channel<float>(new(3, 2 * inner, 1), guard);
        }
    }

    private static void Along<T>(int outer, int axis, int inner, Guard guard)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int all = outer * axis * inner, lines = outer * inner;
        using GuardedMemory<T> x = Values<T>(all, 1, guard), y = Values<T>(all, 2, guard), z = new(lines, guard), mean = new(lines, guard), whole = new(all, guard);
        using GuardedMemory<int> indices = new(lines, guard), positions = new(all, guard);
        Sum.Along<T>(x.Span, outer, axis, inner, z.Span, accumulate: false);
        Max.Along<T>(x.Span, outer, axis, inner, z.Span, accumulate: true);
        Min.Along<T>(x.Span, outer, axis, inner, z.Span, accumulate: false);
        MaxAbs.Along<T>(x.Span, outer, axis, inner, z.Span, accumulate: true);
        Product.Along<T>(x.Span, outer, axis, inner, z.Span, accumulate: false);
        SumOfAbs.Along<T>(x.Span, outer, axis, inner, z.Span, accumulate: true);
        SumOfSquares.Along<T>(x.Span, outer, axis, inner, z.Span, accumulate: false);
        Dot.Along<T>(x.Span, y.Span, outer, axis, inner, z.Span, accumulate: true);
        Mean.Along<T>(x.Span, outer, axis, inner, z.Span);
        Norm.Along<T>(x.Span, outer, axis, inner, 2, z.Span);
        Norm.Along<T>(x.Span, outer, axis, inner, 3, z.Span);
        Variance.Along<T>(x.Span, outer, axis, inner, 0, mean.Span, z.Span);
        ArgMax.Along<T>(x.Span, outer, axis, inner, z.Span, indices.Span);
        ArgMin.Along<T>(x.Span, outer, axis, inner, z.Span, indices.Span);
        CumulativeSum.Along<T>(x.Span, outer, axis, inner, whole.Span, reverse: inner % 2 == 0);
        Cumulative.Product<T>(x.Span, outer, axis, inner, whole.Span);
        Cumulative.MaximumIndices<T>(x.Span, outer, axis, inner, positions.Span);
    }

    private static void Lines<T>(int outer, int length, int inner, Guard guard)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int all = outer * length * inner, lines = outer * inner;
        using GuardedMemory<T> x = Values<T>(all, 1, guard), dy = Values<T>(all, 2, guard), y = new(all, guard), dx = new(all, guard), sums = new(lines, guard), dSums = Values<T>(lines, 3, guard);
        SoftmaxAlong.Forward<T>(x.Span, outer, length, inner, y.Span);
        SoftmaxAlong.Backward<T>(y.Span, dy.Span, outer, length, inner, dx.Span, accumulate: false);
        SoftmaxAlong.Backward<T>(y.Span, dy.Span, outer, length, inner, dx.Span, accumulate: true);
        LogSoftmaxAlong.Forward<T>(x.Span, outer, length, inner, y.Span);
        LogSoftmaxAlong.Backward<T>(y.Span, dy.Span, outer, length, inner, dx.Span, accumulate: false);
        LogSoftmaxAlong.Backward<T>(y.Span, dy.Span, outer, length, inner, dx.Span, accumulate: true);
        LogSumExpAlong.Forward<T>(x.Span, outer, length, inner, sums.Span);
        LogSumExpAlong.Backward<T>(x.Span, sums.Span, dSums.Span, outer, length, inner, dx.Span, accumulate: false);
        LogSumExpAlong.Backward<T>(x.Span, sums.Span, dSums.Span, outer, length, inner, dx.Span, accumulate: true);
    }

    private static void EachRow<T>(int rows, int columns, Guard guard)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int all = rows * columns;
        T epsilon = T.CreateTruncating(1e-5);
        using GuardedMemory<T> x = Values<T>(all, 1, guard), dy = Values<T>(all, 2, guard), weight = Values<T>(columns, 3, guard), bias = Values<T>(columns, 4, guard);
        using GuardedMemory<T> y = new(all, guard), dx = new(all, guard), mean = new(rows, guard), reciprocal = new(rows, guard), dWeight = new(columns, guard), dBias = new(columns, guard);
        using GuardedMemory<int> labels = new(rows, guard);
        labels.Span.Fill(columns - 1);
        foreach (bool accumulate in new[] { false, true })
        {
            Softmax.Forward<T>(x.Span, rows, columns, y.Span);
            Softmax.Backward<T>(y.Span, dy.Span, rows, columns, dx.Span, accumulate);
            LogSoftmax.Forward<T>(x.Span, rows, columns, y.Span);
            LogSoftmax.Backward<T>(y.Span, dy.Span, rows, columns, dx.Span, accumulate);
            LogSumExp.Forward<T>(x.Span, rows, columns, mean.Span);
            LogSumExp.Backward<T>(x.Span, mean.Span, reciprocal.Span, rows, columns, dx.Span, accumulate);
            SoftmaxCrossEntropy.Forward<T>(x.Span, labels.Span, rows, columns, mean.Span, y.Span);
            SoftmaxCrossEntropy.Backward<T>(y.Span, labels.Span, mean.Span, rows, columns, dx.Span, accumulate);
            LayerNorm.Forward<T>(x.Span, weight.Span, bias.Span, rows, columns, epsilon, y.Span, mean.Span, reciprocal.Span);
            LayerNorm.Forward<T>(x.Span, default, default, rows, columns, epsilon, y.Span, mean.Span, reciprocal.Span);
            LayerNorm.Backward<T>(x.Span, weight.Span, mean.Span, reciprocal.Span, dy.Span, rows, columns, dx.Span, accumulate);
            LayerNorm.BackwardParameters<T>(x.Span, mean.Span, reciprocal.Span, dy.Span, rows, columns, dWeight.Span, dBias.Span, accumulate);
            RmsNorm.Forward<T>(x.Span, weight.Span, rows, columns, epsilon, y.Span, reciprocal.Span);
            RmsNorm.Backward<T>(x.Span, weight.Span, reciprocal.Span, dy.Span, rows, columns, dx.Span, accumulate);
            RmsNorm.BackwardWeight<T>(x.Span, reciprocal.Span, dy.Span, rows, columns, dWeight.Span, accumulate);
        }
    }

    private static void Channel<T>(ChannelShape shape, Guard guard)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int all = (int)shape.Length, channels = shape.Channels, groups = 2;
        T epsilon = T.CreateTruncating(1e-5);
        using GuardedMemory<T> x = Values<T>(all, 1, guard), dy = Values<T>(all, 2, guard), weight = Values<T>(channels, 3, guard), bias = Values<T>(channels, 4, guard);
        using GuardedMemory<T> y = new(all, guard), dx = new(all, guard), mean = new(channels, guard), variance = new(channels, guard), dWeight = new(channels, guard), dBias = new(channels, guard);
        using GuardedMemory<T> groupMean = new(shape.Outer * groups, guard), groupReciprocal = new(shape.Outer * groups, guard);
        foreach (bool accumulate in new[] { false, true })
        {
            BatchNorm.ForwardTraining<T>(x.Span, weight.Span, bias.Span, shape, epsilon, y.Span, mean.Span, variance.Span);
            BatchNorm.Forward<T>(x.Span, weight.Span, bias.Span, mean.Span, variance.Span, shape, epsilon, y.Span);
            BatchNorm.Backward<T>(x.Span, weight.Span, mean.Span, variance.Span, !accumulate, dy.Span, shape, epsilon, dx.Span, dWeight.Span, dBias.Span, accumulate);
            GroupNorm.Forward<T>(x.Span, weight.Span, bias.Span, shape, groups, epsilon, y.Span, groupMean.Span, groupReciprocal.Span);
            GroupNorm.Backward<T>(x.Span, weight.Span, groupMean.Span, groupReciprocal.Span, dy.Span, shape, groups, dx.Span, accumulate);
            GroupNorm.BackwardParameters<T>(x.Span, groupMean.Span, groupReciprocal.Span, dy.Span, shape, groups, dWeight.Span, dBias.Span, accumulate);
        }
    }

    private static GuardedMemory<T> Values<T>(int length, ulong stream, Guard guard)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var memory = new GuardedMemory<T>(length, guard);
        new PhiloxStream(5, stream).FillUniform(memory.Span, T.CreateTruncating(-2), T.CreateTruncating(2));
        return memory;
    }
}
