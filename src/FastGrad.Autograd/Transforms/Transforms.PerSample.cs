using System.Numerics;

namespace FastGrad.Autograd;

// One gradient a sample, instead of their mean.
public static partial class Transforms
{
    /// <summary>∂f(θ, xᵢ)/∂θ for each sample xᵢ of a batch: what clipping by sample and gradient noise are made of.</summary>
    /// <param name="f">The loss of one sample: (parameters, samples) ↦ scalar, where each sample tensor has a batch axis of length 1.</param>
    /// <param name="parameters">The parameters θ.</param>
    /// <param name="batch">Tensors with samples along their first axis: inputs, targets, …</param>
    /// <returns>For each parameter a tensor [samples, its axes…]; row i is sample i's gradient.</returns>
    /// <exception cref="ArgumentException">There is no batch, or its tensors differ in their number of samples.</exception>
    public static Tensor<T>[] PerSampleGradients<T>(Func<Tensor<T>[], Tensor<T>[], Tensor<T>> f, Tensor<T>[] parameters, params Tensor<T>[] batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Length == 0 || Array.Exists(batch, x => x.Rank == 0 || x.Shape[0] != batch[0].Shape[0]))
            throw new ArgumentException($"The batch has tensors of shapes {string.Join(", ", batch.Select(x => x.Shape))}; expected at least one, all with the same first axis.", nameof(batch));
        int samples = batch[0].Shape[0];
        Tensor<T>[] gradients = [.. parameters.Select(p => Tensor.Zeros<T>(Shape.Create([samples, .. p.Shape.Axes])))];
        for (int i = 0; i < samples; i++)
        {
            int sample = i;
            Tensor<T>[] one = [.. batch.Select(x => x.Slice(0, sample, 1))];
            Tensor<T>[] row = ValueAndGrad<T>(theta => f(theta, one))(parameters).Gradients;
            for (int p = 0; p < row.Length; p++)
                row[p].CopyTo(gradients[p].AsSpan().Slice(i * row[p].Length, row[p].Length));
        }
        return gradients;
    }
}
