using System.Numerics;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Autograd.Tests;

/// <summary>Scopes, gradients, versions and modes used in ways that nobody should, and some that everybody will: right, or refused.</summary>
public sealed class MisuseTests
{
    private static Tensor<double> Leaf(params double[] values)
    {
        Tensor<double> leaf = Tensor.From<double>(values);
        leaf.RequiresGrad = true;
        return leaf;
    }

    [Fact]
    public void AScopeDisposedTwiceClosesNoOther()
    {
        TensorScope first = new();
        first.Dispose();
        using TensorScope second = new();
        Tensor<double> x = Tensor.From(1.0, 2) * 3.0;
        first.Dispose();
        Assert.Equal([3.0, 6], x.ToArray());
        Assert.Equal([3.0, 6], (x * 1.0).ToArray());
    }

    [Fact]
    public void AnOuterScopeCannotEndFirst()
    {
        TensorScope outer = new();
        TensorScope inner = new();
        Tensor<double> x = Tensor.From(1.0, 2) * 3.0;
        bool refused = false;
        try
        {
            outer.Dispose();
        }
        catch (InvalidOperationException e)
        {
            refused = e.Message.Contains("opened later", StringComparison.Ordinal);
        }
        Assert.True(refused);
        Assert.Equal([3.0, 6], x.ToArray());
        inner.Dispose();
        outer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => x.ToArray());
    }

    [Fact]
    public void ADifferentiableGradientEscapesItsScope()
    {
        Tensor<double> x = Leaf(3);
        using (TensorScope scope = new())
            (x * x * x).Sum().Backward(createGraph: true);
        Assert.Equal([27.0], x.Grad!.ToArray());
    }

    [Fact]
    public void GradientsOfTwoLeavesShareNoMemory()
    {
        // The sum hands the same tensor back to both; what comes next must not go to both.
        Tensor<double> x = Leaf(1, 2), y = Leaf(3, 4), seed = Tensor.From(1.0, 10);
        (x + y).Backward(seed, createGraph: true);
        (x * 2.0).Sum().Backward();
        Assert.Equal([3.0, 12], x.Grad!.ToArray());
        Assert.Equal([1.0, 10], y.Grad!.ToArray());
        Assert.Equal([1.0, 10], seed.ToArray());
        x.ZeroGrad();
        y.ZeroGrad();
        (x * 5.0 + y * 7.0).Sum().Backward();
        Assert.Equal([5.0, 5], x.Grad!.ToArray());
        Assert.Equal([7.0, 7], y.Grad!.ToArray());
        Assert.Equal([1.0, 10], seed.ToArray());
    }

    [Fact]
    public void AGradientThatWasGivenIsTheGivers()
    {
        Tensor<double> x = Leaf(1, 2), given = Tensor.From(1.0, 10);
        x.Grad = given;
        (x * 2.0).Sum().Backward();
        Assert.Equal([3.0, 12], x.Grad!.ToArray());
        Assert.Equal([1.0, 10], given.ToArray());
    }

    [Fact]
    public void GradientMemoryIsReusedAfterZeroGrad()
    {
        Tensor<double> x = Leaf(1, 2);
        (x * 2.0).Sum().Backward();
        Tensor<double> first = x.Grad!;
        x.ZeroGrad();
        (x * 3.0).Sum().Backward();
        Assert.Same(first, x.Grad);
    }

    [Fact]
    public void AFailedDifferentiablePassLeavesNothingBehind()
    {
        Tensor<double> x = Leaf(3), z = Leaf(4);
        Tensor<double> y = (z * z).Sum() + (x * 2.0).Sum(); // backward reaches x before it fails at z
        z.AsSpan()[0] = 5;
        Assert.Throws<InvalidOperationException>(() => y.Backward(createGraph: true));
        (x * 7.0).Sum().Backward(createGraph: true);
        Assert.Equal([7.0], x.Grad!.ToArray());
    }

    [Fact]
    public void BackwardWorksUnderNoGrad()
    {
        Tensor<double> x = Leaf(3), y = (x * x * x).Sum();
        using (new NoGrad())
        {
            y.Backward(retainGraph: true);
            Assert.Equal([27.0], x.Grad!.ToArray());
            y.Backward(createGraph: true);
        }
        Assert.Equal([54.0], x.Grad!.ToArray());
        Assert.False(x.Grad.RequiresGrad);
    }

    [Fact]
    public void NoGradNestsAndEndsOnce()
    {
        NoGrad outer = new();
        NoGrad inner = new();
        inner.Dispose();
        Assert.True(NoGrad.IsActive);
        inner.Dispose();
        Assert.True(NoGrad.IsActive);
        outer.Dispose();
        Assert.False(NoGrad.IsActive);
        default(NoGrad).Dispose();
        Assert.False(NoGrad.IsActive);
    }

    [Fact]
    public void NoGradIsItsThreadsOwn()
    {
        using NoGrad off = new();
        bool elsewhere = true;
        Thread thread = new(() => elsewhere = NoGrad.IsActive);
        thread.Start();
        thread.Join();
        Assert.False(elsewhere);
    }

    [Fact]
    public void BackwardInAnInnerScopeReachesNodesOfTheOuter()
    {
        Tensor<double> x = Leaf(1, 2, 3);
        using TensorScope outer = new();
        Tensor<double> a = x * x, b = a.Exp(), total = (a * b + b).Sum();
        double[] first;
        using (new TensorScope())
        {
            total.Backward(retainGraph: true);
            first = x.Grad!.ToArray();
        }
        // The interior gradients' memory went back with the inner scope; what comes now may use it.
        Tensor<double> noise = Tensor.Full<double>([3], 1e9) * 2.0;
        x.ZeroGrad();
        total.Backward();
        Assert.Equal(first, x.Grad!.ToArray());
        double[] expected = [.. new[] { 1.0, 2, 3 }.Select(v => (2 * v * v * v + 4 * v) * Math.Exp(v * v))];
        FiniteDifferences.AssertClose(expected, first, 1e-14);
        Assert.Equal(2e9, noise[0]);
    }

    [Fact]
    public void BackwardAfterItsScopeIsRefused()
    {
        Tensor<double> x = Leaf(2), y;
        using (TensorScope scope = new())
            y = scope.Keep((x * x * x).Sum());
        Tensor<double> other = Tensor.Full<double>([1], 1e9); // may take the memory that went back
        Assert.Throws<ObjectDisposedException>(() => y.Backward());
        Assert.Equal(1e9, other.Item());
    }

    [Fact]
    public void TransformsWorkInsideAScope()
    {
        Tensor<double> x = Tensor.From(0.5, -1.5), kept;
        double[] expected = Transforms.Grad<double>(v => (v * v * v).Sum())(x).ToArray();
        using (TensorScope scope = new())
        {
            kept = scope.Keep(Transforms.Grad<double>(v => (v * v * v).Sum())(x));
            Assert.Equal([3.0, -9], Transforms.Hvp<double>(v => (v * v * v).Sum(), x, Tensor.Ones<double>([2])).ToArray());
        }
        Assert.Equal(expected, kept.ToArray());
    }

    [Fact]
    public void AScopeInsideATransformIsRefusedNotWrong()
    {
        Tensor<double> x = Tensor.From(0.5, -1.5);
        try
        {
            double[] gradient = Transforms.Grad<double>(v =>
            {
                using TensorScope scope = new();
                return (v * v * v).Sum();
            })(x).ToArray();
            Assert.Equal([0.75, 6.75], gradient);
        }
        catch (ObjectDisposedException)
        {
            // What the derivative reads went back with the scope.
        }
    }

    [Fact]
    public void AChangedBaseIsNoticedThroughItsView()
    {
        Tensor<double> x = Leaf(1, 2, 3, 4);
        Tensor<double> half = x.Slice(0, 0, 2), y = (half * half).Sum();
        x.AsSpan()[0] = 9;
        Assert.Throws<InvalidOperationException>(() => y.Backward());
    }

    [Fact]
    public void AChangedViewIsNoticedThroughItsBase()
    {
        Tensor<double> x = Leaf(1, 2, 3, 4);
        Tensor<double> y = (x * x).Sum();
        x.Slice(0, 0, 2).Detach().AsSpan()[0] = 9;
        Assert.Throws<InvalidOperationException>(() => y.Backward());
    }

    [Fact]
    public void AChangeBehindAStridedViewIsNoticedOrHarmless()
    {
        Tensor<double> x = Leaf(1, 2, 3, 4);
        Tensor<double> even = x.Slice(0, 0, 2, 2), y = (even * even).Sum();
        x.AsSpan()[0] = 9;
        try
        {
            y.Backward();
            Assert.Equal([2.0, 0, 6, 0], x.Grad!.ToArray()); // of the values that were
        }
        catch (InvalidOperationException)
        {
        }
    }

    [Fact]
    public void AnIndexedWriteCountsAsAChange()
    {
        Tensor<double> x = Leaf(1, 2), y = (x * x).Sum();
        x[1] = 5;
        Assert.Throws<InvalidOperationException>(() => y.Backward());
    }

    [Fact]
    public void WrappedMemoryIsReadAndNeverWritten()
    {
        double[] memory = [1, 2, 3, 4];
        Tensor<double> x = Tensor.Wrap<double>(memory.AsMemory(1, 2), [2]);
        x.RequiresGrad = true;
        (x * x).Sum().Backward();
        Assert.Equal([4.0, 6], x.Grad!.ToArray());
        Assert.Equal([1.0, 2, 3, 4], memory);
        memory[1] = 10;
        Assert.Equal(10.0, x[0]);
        using (new TensorScope())
            Assert.Equal([10.0, 3], x.ToArray());
        Assert.Equal([10.0, 3], x.ToArray());
    }

    [Fact]
    public void KeepingAViewKeepsItsMemory()
    {
        Tensor<double> kept;
        using (TensorScope scope = new())
            kept = scope.Keep((Tensor.From(1.0, 2, 3, 4) * 2.0).Slice(0, 1, 2, 2));
        using (new TensorScope())
            Assert.Equal(0.0, Tensor.Zeros<double>([4])[0]);
        Assert.Equal([4.0, 8], kept.ToArray());
    }

    [Fact]
    public void AnAttributeOfOneByteIsNotLost()
    {
        Tensor<double> x = Tensor.From(3.0);
        Assert.Equal(6.0, x.Map(new Twice<double>(true)).Item());
        Assert.Equal(3.0, x.Map(new Twice<double>(false)).Item());
        Assert.Equal(6.0, x.Map(new Twice<double>(true)).Item());
        Assert.Same(UnaryPrimitive<Kernels.Functions.Exp<double>, double>.For(default), UnaryPrimitive<Kernels.Functions.Exp<double>, double>.For(default));
    }

    [Fact]
    public void AFailedFusedPassCanBeRepeated()
    {
        Tensor<double> x = Leaf(3), z = Leaf(4);
        Tensor<double> a = x * 2.0, y = (a * z).Sum(), w = (a * a).Sum();
        z.AsSpan()[0] = 5;
        Assert.Throws<InvalidOperationException>(() => y.Backward(retainGraph: true)); // dies at a·z, which has saved z
        x.ZeroGrad();
        w.Backward();
        Assert.Equal([24.0], x.Grad!.ToArray());
    }

    private readonly struct Twice<T>(bool on) : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static Residual Residual => Residual.None;

        public V Value<V>(V x)
            where V : struct, IArithmetic<V, T> => on ? x + x : x;

        public V Derivative<V>(V residual)
            where V : struct, IArithmetic<V, T> => V.Constant(on ? 2 : 1);
    }

    public static TheoryData<string, Func<Tensor<double>, Tensor<int>, Tensor<double>>> ReadAgainByIndex => new()
    {
        { "gather", (x, i) => x.Gather(0, i) },
        { "index-select", (x, i) => x.IndexSelect(0, i) },
        { "scatter", (x, i) => x.Scatter(0, i, x.Slice(0, 0, 2)) },
        { "scatter-add", (x, i) => x.ScatterAdd(0, i, x.Slice(0, 0, 2)) },
        { "pick-labels", (x, i) => x.BroadcastTo([2, 3]).PickLabels(i) },
        { "softmax-cross-entropy", (x, i) => x.BroadcastTo([2, 3]).SoftmaxCrossEntropy(i) },
    };

    [Theory]
    [MemberData(nameof(ReadAgainByIndex))]
    public void ChangedIndicesAreNoticedInBackward(string name, Func<Tensor<double>, Tensor<int>, Tensor<double>> f)
    {
        Tensor<double> x = Tensor.From(1.0, 2, 3);
        x.RequiresGrad = true;
        Tensor<int> indices = Tensor.From(0, 1);
        f(x, indices).Sum().Backward(); // unchanged: no error
        Tensor<double> y = f(x, indices).Sum();
        indices.AsSpan()[0] = 2;
        string message = Assert.Throws<InvalidOperationException>(() => y.Backward()).Message;
        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains("changed in place", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ChangedMasksAreNoticedInBackward()
    {
        Tensor<double> x = Tensor.From(1.0, 2);
        x.RequiresGrad = true;
        Tensor<bool> mask = Tensor.From(true, false);
        Tensor<double> filled = x.MaskedFill(mask, 0).Sum(), chosen = x.Where(mask, Tensor.Scalar(0.0)).Sum();
        Tensor<double> q = x.Reshape([1, 1, 1, 2]).BroadcastTo([1, 1, 2, 2]), attended = q.ScaledDotProductAttention(q, q, allowed: mask).Sum();
        mask.AsSpan()[0] = false;
        Assert.Throws<InvalidOperationException>(() => filled.Backward());
        Assert.Throws<InvalidOperationException>(() => chosen.Backward());
        Assert.Throws<InvalidOperationException>(() => attended.Backward());
    }

    [Fact]
    public void LengthsBeyondIntegersAreRefusedByName()
    {
        Tensor<double> x = Tensor.Ones<double>([1, 1, 3, 3]);
        Assert.Throws<ArgumentException>(() => x.Unfold((3, 3), dilation: int.MaxValue)); // its span is negative as an int
        Assert.Equal("after", Assert.Throws<ArgumentOutOfRangeException>(() => x.Pad([int.MaxValue, int.MaxValue])).ParamName);
        Assert.Equal("stride", Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Ones<double>([1, 4, 4]).Fold((3, 3), (2, 2), stride: 0)).ParamName);
        Assert.Contains("no axes", Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Scalar(1.0).Max(0)).Message, StringComparison.Ordinal);
    }
}
