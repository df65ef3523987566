using FastGrad.Kernels.Activations;
using FastGrad.Kernels.Convolution;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Workers;
using Xunit;

namespace FastGrad.Kernels.Tests.Convolution;

/// <summary>A convolution with an epilogue has the bits of the convolution followed by its parts, each element seen once.</summary>
public sealed unsafe class ConvEpilogueTests : IDisposable
{
    private readonly WorkerTeam _two = new(2);

    public void Dispose() => _two.Dispose();

    [Fact]
    public void Equals_the_operators_one_by_one()
    {
        int seed = 0;
        foreach (ConvolutionShape shape in Geometries.Chosen)
        {
            ConvCase<float> p = new(shape, ++seed);
            float[] residual = [.. p.Y.Select(v => v * v)], before = [.. p.Y], expected = new float[p.Y.Length];
            Conv.Forward<float>(shape, p.X, p.W, before, accumulate: true, p.Bias);
            Unary.Apply(new Gelu<float>(), before, expected);
            for (int i = 0; i < expected.Length; i++)
                expected[i] += residual[i];
            foreach (WorkerTeam? workers in (WorkerTeam?[])[null, _two])
            {
                float[] y = [.. p.Y], kept = new float[p.Y.Length];
                fixed (float* pKept = kept, pResidual = residual)
                {
                    ActivationEpilogue<Gelu<float>, float> epilogue = new(default, pKept, pResidual, shape.Batch == 0 ? 0 : p.Y.Length / (shape.Batch * shape.OutputChannels));
                    Conv.ForwardThen(shape, p.X, p.W, y, BoundEpilogue<float>.Of(ref epilogue), accumulate: true, p.Bias, workers);
                }
                Assert.Equal(expected, y);
                Assert.Equal(before, kept);
            }
        }
    }

    [Fact]
    public void Derivatives_finish_an_input_gradient_without_strides()
    {
        int seed = 0;
        foreach (ConvolutionShape shape in Geometries.Chosen)
        {
            ConvCase<float> p = new(shape, ++seed);
            float[] dx = new float[p.X.Length], expected = new float[p.X.Length];
            Conv.InputGradient<float>(shape, p.Y, p.W, expected);
            Unary.Backward(new Silu<float>(), expected, p.X, expected, accumulate: false);
            fixed (float* kept = p.X)
            {
                DerivativeEpilogue<Silu<float>, float> epilogue = new(default, kept, shape.Rows.Input * shape.Columns.Input);
                if (shape.Rows.Stride != 1 || shape.Columns.Stride != 1)
                {
                    string message = "";
                    try
                    {
                        Conv.InputGradientThen(shape, p.Y, p.W, dx, BoundEpilogue<float>.Of(ref epilogue));
                    }
                    catch (ArgumentException refused)
                    {
                        message = refused.Message;
                    }
                    Assert.Contains("strides of 1", message);
                    continue;
                }
                Conv.InputGradientThen(shape, p.Y, p.W, dx, BoundEpilogue<float>.Of(ref epilogue), workers: seed % 2 == 0 ? _two : null);
            }
            Assert.Equal(expected, dx);
        }
    }
}
