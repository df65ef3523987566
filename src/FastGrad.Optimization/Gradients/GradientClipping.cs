using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastGrad.Kernels.Workers;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace FastGrad.Optimization.Gradients;

/// <summary>Norms and clipping of gradients, in place, as PyTorch's <c>clip_grad_norm_</c> and <c>clip_grad_value_</c>.</summary>
/// <remarks>Parameters without a gradient do not count. The order of summation is fixed: by element within a parameter, then by parameter.</remarks>
public static class GradientClipping
{
    /// <summary>What is added to the norm before dividing by it, as in PyTorch.</summary>
    private const double Epsilon = 1e-6;

    /// <summary>√Σg² over all gradients together, without overflow or underflow of the squares; NaN or infinite where one of them is.</summary>
    public static double Norm<T>(ReadOnlySpan<IParameter<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GradientNorm sum = default;
        foreach (IParameter<T> parameter in parameters)
        {
            if (parameter.TryGetGradient(out Span<T> gradient))
                sum += GradientNorm.Of<T>(gradient);
        }
        return sum.Root;
    }

    /// <summary>√Σg² over all gradients of a list, as <see cref="Norm{T}(ReadOnlySpan{IParameter{T}})"/>.</summary>
    public static double Norm<T>(IReadOnlyList<IParameter<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        GradientNorm sum = default;
        for (int i = 0; i < parameters.Count; i++) // an enumerator would be allocated
        {
            if (parameters[i].TryGetGradient(out Span<T> gradient))
                sum += GradientNorm.Of<T>(gradient);
        }
        return sum.Root;
    }

    /// <summary>g ← g·min(1, bound/(norm + 1e-6)), norm that of all gradients together.</summary>
    /// <returns>The norm before clipping, and the coefficient.</returns>
    public static (double Norm, double Coefficient) ByNorm<T>(ReadOnlySpan<IParameter<T>> parameters, double bound, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double norm = Norm(parameters);
        double coefficient = bound / (norm + Epsilon);
        if (coefficient >= 1)
            return (norm, 1);
        Transform(new Scale<T>(T.CreateTruncating(coefficient)), parameters, workers);
        return (norm, coefficient);
    }

    /// <summary>g ← min(bound, max(−bound, g)) by element; NaN stays NaN.</summary>
    public static void ByValue<T>(ReadOnlySpan<IParameter<T>> parameters, double bound, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Transform(new Clamp<T>(T.CreateTruncating(bound)), parameters, workers);

    /// <summary>The first parameter whose gradient holds a NaN or an infinity; null if all are finite.</summary>
    public static ParameterInfo? FindNonFinite<T>(ReadOnlySpan<IParameter<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<double> sum = stackalloc double[1];
        foreach (IParameter<T> parameter in parameters)
        {
            if (!parameter.TryGetGradient(out Span<T> gradient))
                continue;
            Measurement.Run(default(CountNonFinite<T>), gradient, gradient, sum);
            if (double.IsNaN(sum[0]))
                return parameter.Info;
        }
        return null;
    }

    private static void Transform<TRule, T>(TRule rule, ReadOnlySpan<IParameter<T>> parameters, WorkerTeam? workers)
        where TRule : struct, IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (IParameter<T> parameter in parameters)
        {
            if (parameter.TryGetGradient(out Span<T> gradient))
                RuleDriver.Apply(rule, gradient, gradient, ref MemoryMarshal.GetReference(gradient), 0, workers);
        }
    }
}
