using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Philox;

namespace FastGrad.Autograd.Primitives;

/// <summary>Which random numbers a mask is made of: chosen before each run, and the same in its backward pass.</summary>
public sealed class DropoutDraw
{
    /// <summary>The stream whose number i decides about element i.</summary>
    public PhiloxStream Stream { get; set; }
}

/// <summary>yᵢ = xᵢ/(1 − p) where uᵢ ≥ p, else 0, with the uniform numbers u of a stream. The mask is made again backward, not kept.</summary>
/// <param name="probability">p.</param>
/// <param name="draw">The stream.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Dropout<T>(double probability, DropoutDraw draw) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Chunk = 256;

    /// <inheritdoc/>
    public override string Name => "dropout";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => inputs[0].Shape;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => Run(inputs[0].Dense(), output.Dense(), accumulate: false);

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate) => Run(dy.Dense(), dx.Dense(), accumulate);

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => Apply(dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);

    private void Run(ReadOnlySpan<T> x, Span<T> y, bool accumulate)
    {
        Span<float> u = stackalloc float[Chunk];
        float p = (float)probability;
        T scale = T.One / T.CreateTruncating(1 - probability);
        for (int start = 0; start < x.Length; start += Chunk)
        {
            int count = Math.Min(Chunk, x.Length - start);
            draw.Stream.FillUniform(u[..count], 0f, 1f, (ulong)start);
            ReadOnlySpan<T> from = x.Slice(start, count);
            Span<T> to = y.Slice(start, count);
            for (int i = 0; i < to.Length; i++)
            {
                T value = u[i] >= p ? from[i] * scale : T.Zero;
                to[i] = accumulate ? to[i] + value : value;
            }
        }
    }
}
