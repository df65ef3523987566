using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>What stops gradients, and what stops wrong elements.</summary>
public static class TensorGuards
{
    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>x as a constant, to the tape and to every transform: <see cref="Tensor{T}.Detach"/> under JAX's name.</summary>
        public Tensor<T> StopGradient() => x.Detach();

        /// <summary>x itself, after a look at its elements: one outside low…high is an error. In a captured program each run looks.</summary>
        /// <remarks>NaN passes: what becomes of a training that has diverged is decided by the step.</remarks>
        /// <param name="low">The lowest element allowed.</param>
        /// <param name="high">The highest element allowed.</param>
        /// <param name="what">What an element is, for the message, such as "probability".</param>
        /// <exception cref="ArgumentOutOfRangeException">An element lies outside; here, or when a program runs.</exception>
        public Tensor<T> CheckRange(double low, double high, string what)
        {
            ArgumentNullException.ThrowIfNull(what);
            x.ThrowIfScratch();
            Tensor<T> elements = x.Detach().Contiguous();
            T least = T.CreateTruncating(low), most = T.CreateTruncating(high);
            Capture.Opaque("check-range", () => Look(elements, least, most, what), elements);
            return x;
        }
    }

    private static void Look<T>(Tensor<T> x, T low, T high, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> elements = x.Dense();
        for (int i = 0; i < elements.Length; i++)
        {
            if (elements[i] < low || elements[i] > high)
                throw new ArgumentOutOfRangeException(nameof(x), elements[i], string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The {what} at position {i} of shape {x.Shape} is {elements[i]}; expected {(T.IsPositiveInfinity(high) ? $"at least {low}" : $"a number from {low} to {high}")}."));
        }
    }
}
