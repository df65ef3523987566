using FastGrad.Kernels.Activations;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Normalization;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Tests.Guarded;
using Xunit;

namespace FastGrad.Kernels.Tests.Elementwise;

/// <summary>No kernel touches an element outside its spans: an inaccessible page lies at their end, or at their start.</summary>
public sealed class GuardedDriverTests
{
    public static TheoryData<Guard> Guards() => [Guard.After, Guard.Before];

    private static IEnumerable<int> Lengths => [.. Enumerable.Range(0, 4 * 16 + 2), 127, 128, 129, 255, 1023, 1024, 1040, 4095, 4097];

    [Theory]
    [MemberData(nameof(Guards))]
    public void Drivers_stay_inside(Guard guard)
    {
        foreach (int n in Lengths)
        {
            using GuardedMemory<float> a = new(Samples.Floats(n, 1), guard), b = new(Samples.Floats(n, 2), guard), c = new(Samples.Floats(n, 3), guard);
            using GuardedMemory<float> result = new(n, guard), scalar = new([0.5f], guard);
            ReadOnlySpan<float> x = a.Span, y = b.Span, z = c.Span;
            foreach (bool accumulate in new[] { false, true })
            {
                Unary.Apply(new Silu<float>(), x, result.Span, accumulate);
                Unary.Apply(new Square<float>(), x, result.Span, accumulate);
                Unary.Backward(new Silu<float>(), y, x, result.Span, accumulate);
                Unary.Backward(new Square<float>(), y, x, result.Span, accumulate);
                Binary.Apply(new Multiply<float>(), x, y, result.Span, accumulate);
                Binary.Apply(new Multiply<float>(), scalar.Span, y, result.Span, accumulate);
                Binary.Apply(new Multiply<float>(), x, scalar.Span, result.Span, accumulate);
                Binary.BackwardLeft(new Divide<float>(), [], y, [], z, result.Span, accumulate);
                Binary.BackwardRight(new Divide<float>(), [], y, x, scalar.Span, result.Span, accumulate);
                Ternary.BackwardFirst(new Lerp<float>(), [], [], z, y, result.Span, accumulate);
            }
            Ternary.Apply(new Lerp<float>(), x, scalar.Span, z, result.Span);
        }
    }

    [Theory]
    [MemberData(nameof(Guards))]
    public void Reductions_and_rows_stay_inside(Guard guard)
    {
        foreach (int n in Lengths)
        {
            using GuardedMemory<double> a = new(Samples.Doubles(n, 1), guard), b = new(Samples.Doubles(n, 2), guard), result = new(n, guard), one = new(1, guard);
            ReadOnlySpan<double> x = a.Span, y = b.Span;
            Sum.Of(x);
            Dot.Of(x, y);
            Max.Of(x);
            if (n > 0)
                ArgMax.Of(x);
            Sum.Along(x, 1, n, 1, one.Span, accumulate: true);
            Sum.Along(x, 1, 1, n, result.Span, accumulate: false);
            Dot.Along(x, y, 1, 1, n, result.Span, accumulate: true);
            Softmax.Forward(x, 1, n, result.Span);
            Softmax.Backward(x, y, 1, n, result.Span, accumulate: true);
            LogSoftmax.Forward(x, 1, n, result.Span);
            LogSoftmax.Backward(x, y, 1, n, result.Span, accumulate: true);
            LogSumExp.Forward(x, 1, n, one.Span);
            LogSumExp.Backward(x, one.Span, one.Span, 1, n, result.Span, accumulate: true);
            if (n > 0)
            {
                SoftmaxCrossEntropy.Forward(x, [n - 1], 1, n, one.Span, result.Span);
                SoftmaxCrossEntropy.Backward(x, [n - 1], one.Span, 1, n, result.Span, accumulate: true);
            }
        }
        foreach ((int outer, int axis, int inner) in new[] { (2, 3, 5), (1, 33, 17), (3, 70, 130) })
        {
            using GuardedMemory<float> x = new(Samples.Floats(outer * axis * inner, 1), guard), y = new(outer * inner, guard);
            using GuardedMemory<int> index = new(outer * inner, guard);
            Sum.Along(x.Span, outer, axis, inner, y.Span, accumulate: true);
            ArgMin.Along(x.Span, outer, axis, inner, y.Span, index.Span);
        }
    }
}
