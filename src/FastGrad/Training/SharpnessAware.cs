using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Modules;
using FastGrad.Optimization.Gradients;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Training;

/// <summary>Replaces the gradients at θ by those at θ + ρ·g/(‖g‖ + 1e-12), the worst point near by; θ comes back bit for bit.</summary>
/// <remarks>Foret et al. 2021, arXiv:2010.01412, algorithm 1, with the Euclidean norm over all parameters together.</remarks>
internal sealed class SharpnessAware<T>(NamedParameter<T>[] parameters, double radius, Func<double> reevaluate)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IParameter<T>[] _parameters = parameters;
    private readonly T[][] _before = [.. parameters.Select(p => new T[p.Info.Count])];

    public void Run()
    {
        double norm = GradientClipping.Norm<T>(_parameters);
        T scale = T.CreateTruncating(radius / (norm + 1e-12));
        for (int i = 0; i < _parameters.Length; i++)
        {
            Span<T> value = _parameters[i].Value;
            value.CopyTo(_before[i]);
            if (_parameters[i].TryGetGradient(out Span<T> gradient))
                Binary.Apply(new AddScaled<T>(scale), value, gradient, value);
        }
        try
        {
            reevaluate();
        }
        finally
        {
            for (int i = 0; i < _parameters.Length; i++)
                _before[i].CopyTo(_parameters[i].Value);
        }
    }
}
