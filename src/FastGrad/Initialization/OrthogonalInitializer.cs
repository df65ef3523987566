using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Philox;

namespace FastGrad.Initialization;

/// <summary>Rows (or columns, whichever are fewer) that are orthogonal and of length gain: uniformly distributed among all such matrices.</summary>
/// <remarks>
/// Normal numbers, orthogonalized twice by modified Gram-Schmidt, in double: then they are orthogonal to rounding (Giraud, Langou, Rozložník
/// 2005). Further axes count to the second. Saxe, McClelland, Ganguli 2013, arXiv:1312.6120.
/// </remarks>
internal sealed class OrthogonalInitializer<T>(double gain) : IInitializer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _gain = double.IsFinite(gain) && gain > 0
        ? gain
        : throw new ArgumentOutOfRangeException(nameof(gain), gain, $"The gain is {gain}; expected a finite number above 0.");

    public void Fill(Span<T> destination, Shape shape, PhiloxStream stream)
    {
        if (shape.Rank < 2 || shape.Length == 0)
            throw new ArgumentException($"A tensor of shape {shape} has no rows and columns to be orthogonal; expected [out, in, …] with at least one element.", nameof(shape));
        int rows = shape[0], columns = shape.Length / rows, count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        double[] all = new double[count * length];
        stream.FillNormal<double>(all, 0, 1);
        for (int j = 0; j < count; j++)
        {
            Span<double> vector = Vector(j);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int i = 0; i < j; i++)
                    Binary.Apply(new AddScaled<double>(-Dot.Of<double>(Vector(i), vector)), vector, Vector(i), vector);
            }
            Unary.Apply(new MultiplyScalar<double>(1 / Norm.Of<double>(vector)), vector, vector);
        }
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
                destination[r * columns + c] = T.CreateTruncating(_gain * (rows <= columns ? all[r * length + c] : all[c * length + r]));
        }

        Span<double> Vector(int index) => all.AsSpan(index * length, length);
    }
}
