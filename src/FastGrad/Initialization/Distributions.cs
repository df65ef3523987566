using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Philox;

namespace FastGrad.Initialization;

/// <summary>One value everywhere.</summary>
internal sealed class ConstantInitializer<T>(T value) : IInitializer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Fill(Span<T> destination, Shape shape, PhiloxStream stream) => destination.Fill(value);
}

/// <summary>Uniform on [low, high), whatever the shape.</summary>
internal sealed class UniformInitializer<T>(T low, T high) : IInitializer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Fill(Span<T> destination, Shape shape, PhiloxStream stream) => stream.FillUniform(destination, low, high);
}

/// <summary>Normal, whatever the shape.</summary>
internal sealed class NormalInitializer<T>(T mean, T deviation) : IInitializer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Fill(Span<T> destination, Shape shape, PhiloxStream stream) => stream.FillNormal(destination, mean, deviation);
}
