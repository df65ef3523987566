using System.Numerics;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Convolution;

/// <summary>2-D (and, with one row, 1-D) convolution as networks have it, without a flip, and its three gradients; float and double.</summary>
/// <remarks>
/// <para>
/// y[n, o, p, q] = Σ<sub>c,i,j</sub> w[o, c, i, j]·x[n, c, p·stride + i·dilation − padding, q·…] + b[o], c over the inputs of o's group. The
/// layouts are <see cref="ConvolutionShape"/>'s, PyTorch's. Padding is made of zeros that take part: beside an infinite weight they give NaN.
/// </para>
/// <para>
/// <b>Same bits everywhere.</b> Each element of a result is one chain of fused multiply-adds, from 0 or the existing value: of y over (c, i, j)
/// in this order, of dx over (o, i, j), of dw over (n, p, q); a bias is one addition afterwards. Only the weight gradient of a depthwise
/// convolution (one channel a group on both sides) has fixed lanes instead: column q adds to lane q mod 16 (float) or 8 (double), and lanes
/// are added in halves. Instruction set, blocking and number of threads change no bit. <see cref="ConvReference"/> spells this out.
/// </para>
/// <para>
/// <b>Winograd.</b> Where <see cref="ConvolutionShape.IsWinograd"/>, a function of the shape of one image alone, all three go by F(2×2, 3×3) with 4 multiplications for 9
/// (Lavin and Gray 2016, arXiv:1509.09308): tiles of 4 × 4 inputs and 3 × 3 kernels are transformed, each of their 16 points is one chain over the channels (for dw over
/// all tiles of the batch), and tiles of 2 × 2 outputs, or kernels, are transformed back; bias and existing values are added afterwards. There an infinite input gives NaN,
/// where a chain might give infinity, in the same outputs.
/// </para>
/// <para>
/// The error of a chain of K steps is at most γ_K·Σ|w·x|, γ_K = K·u/(1 − K·u), u the unit roundoff. Winograd's is relative to the sums of magnitudes of a
/// whole tile; its chains are a ninth as long: for uniform operands and 64 channels its error was measured at 0.64 of the chain's in the root mean square.
/// </para>
/// </remarks>
public static unsafe class Conv
{
    /// <summary>y = x ⋆ w + b, or y += x ⋆ w + b.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="x">The input.</param>
    /// <param name="w">The weights.</param>
    /// <param name="y">The output; it overlaps nothing else.</param>
    /// <param name="accumulate">Whether chains continue from the existing y.</param>
    /// <param name="bias">Empty, or one addend for each output channel.</param>
    /// <param name="workers">The team to share the work; none means the calling thread.</param>
    /// <exception cref="ArgumentException">There is no such convolution, a length is not the shape's, or y overlaps an input.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public static void Forward<T>(
        in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> y, bool accumulate = false, ReadOnlySpan<T> bias = default, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ForwardThen(shape, x, w, y, default, accumulate, bias, workers);

    /// <summary>y = epilogue(x ⋆ w (+ y) + b), applied while the outputs are in the cache.</summary>
    /// <remarks>To the epilogue, y is a matrix: a row for each image and channel, a column for each of their outputs.</remarks>
    /// <inheritdoc cref="Forward{T}"/>
    public static void ForwardThen<T>(
        in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> y, BoundEpilogue<T> epilogue, bool accumulate = false, ReadOnlySpan<T> bias = default,
        WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ConvolutionCheck.Operands(shape, x, nameof(x), w, nameof(w), y, nameof(y));
        ConvolutionCheck.Bias(bias, shape.OutputChannels, y, nameof(y));
        fixed (T* px = x, pw = w, py = y, pb = bias)
        {
            ForwardWork<T> work = new(shape, workers) { X = px, W = pw, Y = py, Bias = pb, Accumulate = accumulate, Epilogue = epilogue.Address, Finish = epilogue.Finish };
            KernelSets.Run<ForwardWork<T>, T>(ref work);
        }
    }

    /// <summary>dx = the transpose of the convolution applied to dy, or dx += that: also the transposed convolution of networks, with its bias.</summary>
    /// <param name="shape">The shape of the convolution from x to y.</param>
    /// <param name="dy">In y's shape.</param>
    /// <param name="w">The weights.</param>
    /// <param name="dx">In x's shape; it overlaps nothing else.</param>
    /// <param name="accumulate">Whether chains continue from the existing dx.</param>
    /// <param name="bias">Empty, or one addend for each channel of dx.</param>
    /// <param name="workers">The team to share the work; none means the calling thread.</param>
    /// <exception cref="ArgumentException">There is no such convolution, a length is not the shape's, or dx overlaps an input.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public static void InputGradient<T>(
        in ConvolutionShape shape, ReadOnlySpan<T> dy, ReadOnlySpan<T> w, Span<T> dx, bool accumulate = false, ReadOnlySpan<T> bias = default, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => InputGradientThen(shape, dy, w, dx, default, accumulate, bias, workers);

    /// <summary>dx = epilogue of what <see cref="InputGradient{T}"/> computes, applied while it is in the cache. Without strides only.</summary>
    /// <remarks>To the epilogue, dx is a matrix: a row for each image and channel, a column for each of their elements.</remarks>
    /// <exception cref="ArgumentException">A stride is not 1: elements of dx come in several passes then.</exception>
    /// <inheritdoc cref="InputGradient{T}"/>
    public static void InputGradientThen<T>(
        in ConvolutionShape shape, ReadOnlySpan<T> dy, ReadOnlySpan<T> w, Span<T> dx, BoundEpilogue<T> epilogue, bool accumulate = false, ReadOnlySpan<T> bias = default,
        WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (epilogue.Finish != null && (shape.Rows.Stride != 1 || shape.Columns.Stride != 1))
            throw new ArgumentException($"An epilogue needs strides of 1; these are {shape.Rows.Stride} and {shape.Columns.Stride}.", nameof(shape));
        ConvolutionCheck.Operands(shape, dx, nameof(dx), w, nameof(w), dy, nameof(dy));
        ConvolutionCheck.Bias(bias, shape.InputChannels, dx, nameof(dx));
        fixed (T* pdy = dy, pw = w, pdx = dx, pb = bias)
        {
            InputGradientWork<T> work = new(shape, workers) { Dy = pdy, W = pw, Dx = pdx, Bias = pb, Accumulate = accumulate, Epilogue = epilogue.Address, Finish = epilogue.Finish };
            KernelSets.Run<InputGradientWork<T>, T>(ref work);
        }
    }

    /// <summary>dw[o, c, i, j] = Σ<sub>n,p,q</sub> dy[n, o, p, q]·x[n, c, p·stride + i·dilation − padding, …], or dw += that.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="x">The input.</param>
    /// <param name="dy">In y's shape.</param>
    /// <param name="dw">In w's shape; it overlaps nothing else.</param>
    /// <param name="accumulate">Whether chains continue from the existing dw (of a depthwise convolution: whether the sum is added to it).</param>
    /// <param name="workers">The team to share the work; none means the calling thread.</param>
    /// <exception cref="ArgumentException">There is no such convolution, a length is not the shape's, or dw overlaps an input.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public static void WeightGradient<T>(
        in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dw, bool accumulate = false, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ConvolutionCheck.Operands(shape, x, nameof(x), dw, nameof(dw), dy, nameof(dy));
        fixed (T* px = x, pdy = dy, pdw = dw)
        {
            WeightGradientWork<T> work = new(shape, workers) { X = px, Dy = pdy, Dw = pdw, Accumulate = accumulate };
            KernelSets.Run<WeightGradientWork<T>, T>(ref work);
        }
    }

    /// <summary>db[o] = Σ<sub>n,p,q</sub> dy[n, o, p, q], or db += that: the sums of planes by <see cref="Reduce"/>, added image by image.</summary>
    /// <param name="batch">Images.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="plane">Elements of one channel.</param>
    /// <param name="dy">batch · channels · plane elements.</param>
    /// <param name="db">One sum for each channel.</param>
    /// <param name="accumulate">Whether to add to <paramref name="db"/>.</param>
    /// <param name="workers">The team to share the channels; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap.</exception>
    public static void BiasGradient<T>(int batch, int channels, int plane, ReadOnlySpan<T> dy, Span<T> db, bool accumulate = false, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (batch < 0 || channels < 0 || plane < 0 || dy.Length != (long)batch * channels * plane || db.Length != channels)
            throw new ArgumentException($"dy has {dy.Length} elements and db {db.Length}; expected [{batch}, {channels}, {plane}] and [{channels}].", nameof(dy));
        if (db.Overlaps(dy))
            throw new ArgumentException("db overlaps dy.", nameof(db));
        fixed (T* pdy = dy, pdb = db)
        {
            BiasGradientJob<T> job = new(batch, channels, plane, pdy, pdb, accumulate);
            if (workers is null || dy.Length < BiasGradientJob<T>.Worthwhile)
                job.Sum(0, channels);
            else
                workers.Run(job.Parts, ref job);
        }
    }
}
