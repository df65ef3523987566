namespace FastGrad.Autograd.Primitives;

/// <summary>A primitive whose kernels' floating-point operations are known from the shapes, for profiles; a fused multiply-add counts twice.</summary>
internal interface ICounted
{
    /// <summary>Operations of the forward kernel.</summary>
    double Flops(Shape first, Shape second, Shape output);

    /// <summary>Operations of the backward kernel of one input.</summary>
    double BackwardFlops(int input, Shape first, Shape second, Shape output) => input < 2 ? Flops(first, second, output) : 0;
}
