using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>Conditions: comparisons of tensors, and what is made of them. In a captured program they are found anew in each run.</summary>
/// <remarks>Comparisons are those of IEEE 754: none with NaN holds but "not equal". Masks have no derivative.</remarks>
public static class TensorMasks
{
    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Where x &gt; y.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<bool> GreaterThan(Tensor<T> y) => Mask("greater-than", x, y, static (a, b) => a > b);

        /// <summary>Where x ≥ y.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<bool> GreaterThanOrEqual(Tensor<T> y) => Mask("greater-than-or-equal", x, y, static (a, b) => a >= b);

        /// <summary>Where x &lt; y.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<bool> LessThan(Tensor<T> y) => Mask("less-than", x, y, static (a, b) => a < b);

        /// <summary>Where x ≤ y.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<bool> LessThanOrEqual(Tensor<T> y) => Mask("less-than-or-equal", x, y, static (a, b) => a <= b);

        /// <summary>Where x = y.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<bool> EqualTo(Tensor<T> y) => Mask("equal", x, y, static (a, b) => a == b);

        /// <summary>Where x ≠ y.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<bool> NotEqualTo(Tensor<T> y) => Mask("not-equal", x, y, static (a, b) => a != b);

        /// <summary>Where x is NaN.</summary>
        public Tensor<bool> IsNaN() => x.NotEqualTo(x);

        /// <summary>x where the condition holds, else <paramref name="other"/>; all three broadcast. The side that is not taken gets no gradient, whatever it holds.</summary>
        /// <remarks>The condition is read in each run of a captured program, like an input.</remarks>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<T> Where(Tensor<bool> condition, Tensor<T> other)
        {
            ArgumentNullException.ThrowIfNull(condition);
            return new Where<T>(condition).Apply(x, other);
        }
    }

    extension(Tensor<bool> mask)
    {
        /// <summary>Where both hold.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<bool> And(Tensor<bool> other) => Mask("and", mask, other, static (a, b) => a && b);

        /// <summary>Where one of them holds, or both.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<bool> Or(Tensor<bool> other) => Mask("or", mask, other, static (a, b) => a || b);

        /// <summary>Where it does not hold.</summary>
        public Tensor<bool> Not() => Mask("not", mask, mask, static (a, _) => !a);

        /// <summary>The same elements in another shape: a view.</summary>
        /// <exception cref="ArgumentException">The numbers of elements differ.</exception>
        public Tensor<bool> Reshape(Shape shape)
        {
            ArgumentNullException.ThrowIfNull(mask);
            Tensor<bool> dense = mask.Contiguous();
            return shape.Length == dense.Length
                ? dense.View(shape, null, dense.Offset)
                : throw new ArgumentException($"A mask of shape {mask.Shape} as {shape}: {mask.Length} elements are not {shape.Length}.", nameof(shape));
        }

        /// <summary>1 where it holds, else 0.</summary>
        public Tensor<T> ToNumbers<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => Tensor.Scalar(T.One).Where(mask, Tensor.Scalar(T.Zero));
    }

    // Masks are attributes of the operations that read them: a program finds them by an instruction of its own, in memory of its own, which nobody reads at capture.
    private static Tensor<bool> Mask<TElement>(string name, Tensor<TElement> x, Tensor<TElement> y, Func<TElement, TElement, bool> holds)
        where TElement : unmanaged
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        x.ThrowIfScratch();
        y.ThrowIfScratch();
        Shape shape = Shape.Broadcast(x.Shape, y.Shape);
        Tensor<bool> mask = Capture.IsRecording ? Tensor.Wrap(new bool[shape.Length].AsMemory(), shape) : Tensor.Uninitialized<bool>(shape);
        Tensor<TElement> a = x.Detach().Contiguous(), b = ReferenceEquals(x, y) ? a : y.Detach().Contiguous();
        Capture.Opaque(name, () => Compare(a, b, mask, holds), a, b);
        return mask;
    }

    private static void Compare<TElement>(Tensor<TElement> x, Tensor<TElement> y, Tensor<bool> mask, Func<TElement, TElement, bool> holds)
        where TElement : unmanaged
    {
        ReadOnlySpan<TElement> a = x.Dense(), b = y.Dense();
        Span<bool> to = mask.Dense();
        BroadcastPlan plan = new(mask.Shape, x.Shape, y.Shape);
        for (int run = 0; run < plan.Runs; run++)
        {
            int i = plan.Start(0, run), j = plan.Start(1, run), iStep = plan.Extent(0) == 1 ? 0 : 1, jStep = plan.Extent(1) == 1 ? 0 : 1;
            foreach (ref bool one in to.Slice(run * plan.RunLength, plan.RunLength))
            {
                one = holds(a[i], b[j]);
                (i, j) = (i + iStep, j + jStep);
            }
        }
    }
}
