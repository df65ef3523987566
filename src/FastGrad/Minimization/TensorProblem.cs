using FastGrad.Autograd;
using FastGrad.Optimization.Minimization;

namespace FastGrad.Minimization;

/// <summary>Problems for minimizers from functions of tensors: values, gradients, Jacobians and Hessians by automatic differentiation.</summary>
/// <remarks>
/// The function gets the variables as one vector and is called anew at each point, so it may branch on values. What it closes over is constant. A
/// derivative that its author knows better is put in with <c>with { Hessian = … }</c>. Temporaries live in a scope of their own.
/// </remarks>
public static class TensorProblem
{
    /// <summary>min f(x): gradients by a backward pass, Hessian-vector products by <see cref="Transforms.Hvp"/>, Hessians by n of them.</summary>
    /// <param name="dimension">The number n of variables.</param>
    /// <param name="f">x [n] ↦ a tensor of one element.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no variables.</exception>
    public static MinimizationProblem Of(int dimension, Func<Tensor<double>, Tensor<double>> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return MinimizationProblem.Of(dimension, Value, Gradient) with { HessianVector = Product, Hessian = Hessian };

        double Value(ReadOnlySpan<double> x)
        {
            using TensorScope scope = new();
            using NoGrad off = new();
            return Number(f(Tensor.From(x)));
        }

        double Gradient(ReadOnlySpan<double> x, Span<double> gradient)
        {
            using TensorScope scope = new();
            (Tensor<double> value, Tensor<double> slope) = Transforms.ValueAndGrad<double>(v => Scalar(f(v)))(Tensor.From(x));
            slope.CopyTo(gradient);
            return value.Item();
        }

        void Product(ReadOnlySpan<double> x, ReadOnlySpan<double> v, Span<double> product)
        {
            using TensorScope scope = new();
            Transforms.Hvp<double>(u => Scalar(f(u)), Tensor.From(x), Tensor.From(v)).CopyTo(product);
        }

        void Hessian(ReadOnlySpan<double> x, Span<double> hessian)
        {
            using TensorScope scope = new();
            Transforms.Hessian<double>(u => Scalar(f(u)), Tensor.From(x)).CopyTo(hessian);
        }
    }

    /// <summary>min Σ rᵢ(x)²: Jacobians by <see cref="Transforms.Jacobian"/>, in as many passes as there are variables or residuals, whichever are fewer.</summary>
    /// <remarks>Products with the Hessian of Σ rᵢ² are there too, for minimizers that want them.</remarks>
    /// <param name="dimension">The number n of variables.</param>
    /// <param name="residualCount">The number m of residuals.</param>
    /// <param name="residuals">x [n] ↦ r, a tensor of m elements.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no variables, or no residuals.</exception>
    public static MinimizationProblem LeastSquares(int dimension, int residualCount, Func<Tensor<double>, Tensor<double>> residuals)
    {
        ArgumentNullException.ThrowIfNull(residuals);
        MinimizationProblem whole = Of(dimension, x =>
        {
            Tensor<double> r = Vector(residuals(x));
            return (r * r).Sum();
        });
        return MinimizationProblem.LeastSquares(dimension, residualCount, Residual, Jacobian) with { HessianVector = whole.HessianVector, Hessian = whole.Hessian };

        void Residual(ReadOnlySpan<double> x, Span<double> r)
        {
            using TensorScope scope = new();
            using NoGrad off = new();
            Vector(residuals(Tensor.From(x))).CopyTo(r);
        }

        void Jacobian(ReadOnlySpan<double> x, Span<double> jacobian)
        {
            using TensorScope scope = new();
            Transforms.Jacobian<double>(v => Vector(residuals(v)), Tensor.From(x)).CopyTo(jacobian);
        }

        Tensor<double> Vector(Tensor<double> r) => r.Length == residualCount
            ? r.Reshape([residualCount])
            : throw new ArgumentException($"The function gives residuals of shape {r.Shape}; expected {residualCount} elements.", nameof(residuals));
    }

    private static double Number(Tensor<double> value) => Scalar(value).Item();

    private static Tensor<double> Scalar(Tensor<double> value) => value.Length == 1
        ? value.Reshape([])
        : throw new ArgumentException($"The function gives a tensor of shape {value.Shape}; expected one element.", nameof(value));
}
