using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Philox;

namespace FastGrad.Initialization;

/// <summary>The identity: ones on the diagonal of a matrix, or in the middle of a convolution's window for equal channels.</summary>
/// <remarks>As torch.nn.init.eye_ and dirac_.</remarks>
internal sealed class IdentityInitializer<T> : IInitializer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Fill(Span<T> destination, Shape shape, PhiloxStream stream)
    {
        if (shape.Rank < 2)
            throw new ArgumentException($"A tensor of shape {shape} has no diagonal; expected [out, in, …].", nameof(shape));
        destination.Clear();
        int window = 1, middle = 0;
        for (int axis = 2; axis < shape.Rank; axis++)
            (window, middle) = (window * shape[axis], middle * shape[axis] + shape[axis] / 2);
        for (int channel = 0; channel < Math.Min(shape[0], shape[1]) && window > 0; channel++)
            destination[(channel * shape[1] + channel) * window + middle] = T.One;
    }
}
