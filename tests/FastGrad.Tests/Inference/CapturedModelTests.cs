using FastGrad.Autograd;
using FastGrad.Inference;
using FastGrad.Modules;
using Xunit;

namespace FastGrad.Tests.Inference;

/// <summary>A model's forward pass as a program: passes are at work, and the bits are those of the model.</summary>
public sealed class CapturedModelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ProductsFinishTheirElements(int threads)
    {
        using ComputeContext context = new(threads);
        using ComputeContext.Usage _ = context.Use();
        Module<float> model = new Sequential<float>(
            new Linear<float>(64, 256), new Gelu<float>(), new Linear<float>(256, 256), new Relu<float>(),
            new Residual<float>(new Sequential<float>(new Linear<float>(256, 256), new Tanh<float>())), new Linear<float>(256, 10)).Initialize(3).Eval();
        Tensor<float> x = Values(48, 64);
        CapturedModel<float> plain = new(model, CaptureOptions.None), fused = new(model);
        Program before = plain.Capture(x.Shape), after = fused.Capture(x.Shape);
        Assert.DoesNotContain("product {", before.ToString());
        Assert.Equal(3, after.ToString().Split("product {").Length - 1); // gelu, relu, and tanh with the residual
        Assert.Equal(8, before.Count);
        Assert.Equal(4, after.Count);
        Assert.True(after.PeakBytes <= before.PeakBytes);
        float[] expected = Eager(model, x);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(expected, plain.Predict(x).ToArray());
            Assert.Equal(expected, fused.Predict(x).ToArray());
        }
    }

    [Fact]
    public void ConvolutionsFinishTheirElements()
    {
        Module<float> model = new Sequential<float>(
            new Conv2d<float>(3, 8, 3, new() { Padding = 1 }), new BatchNorm2d<float>(8), new Relu<float>(), new Conv2d<float>(8, 16, 3), new Silu<float>(),
            new MaxPool2d<float>(2), new Flatten<float>(), new Linear<float>(16 * 7 * 7, 10)).Initialize(3).Eval();
        Tensor<float> x = Values(2, 3, 16, 16);
        CapturedModel<float> captured = new(model);
        Assert.Equal(1, captured.Capture(x.Shape).ToString().Split("product {").Length - 1); // silu; a batch norm stands before the other
        Assert.Equal(Eager(model, x), captured.Predict(x).ToArray());
    }

    private static float[] Eager(Module<float> model, Tensor<float> x)
    {
        using NoGrad off = new();
        return model.Invoke(x).ToArray();
    }

    private static Tensor<float> Values(params int[] axes)
    {
        Shape shape = Shape.Create(axes);
        return Tensor.From<float>([.. Enumerable.Range(0, shape.Length).Select(i => MathF.Sin(1.7f * i))], shape);
    }
}
