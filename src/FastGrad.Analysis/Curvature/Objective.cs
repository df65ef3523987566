using FastGrad.Autograd;
using FastGrad.Modules;

namespace FastGrad.Analysis.Curvature;

/// <summary>A scalar function at a point: what questions of curvature are asked of.</summary>
public sealed class Objective
{
    private readonly Func<Tensor<double>, Tensor<double>> _gradient;

    /// <summary>A function at a point.</summary>
    /// <param name="function">A scalar-valued function, twice differentiable at the point.</param>
    /// <param name="point">Where it is looked at; of any shape with at least one element.</param>
    /// <exception cref="ArgumentException">The point is empty.</exception>
    public Objective(Func<Tensor<double>, Tensor<double>> function, Tensor<double> point)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(point);
        if (point.Length == 0)
            throw new ArgumentException($"The point has shape {point.Shape}; expected at least one element.", nameof(point));
        (Function, Point, _gradient) = (function, point.Detach(), Transforms.Grad(function));
    }

    /// <summary>f.</summary>
    public Func<Tensor<double>, Tensor<double>> Function { get; }

    /// <summary>x.</summary>
    public Tensor<double> Point { get; }

    /// <summary>The number of elements of x.</summary>
    public int Count => Point.Length;

    /// <summary>A module's loss as a function of all its parameters, joined into one vector in the order of <see cref="Module{T}.NamedParameters"/>.</summary>
    /// <param name="module">The module, with values; they stay as they are. Its output must be a function of parameters and inputs alone, so mostly <c>module.Eval()</c> comes first: dropout draws anew each time, and batch norm in training takes its batch's statistics and moves the running ones.</param>
    /// <param name="loss">The scalar loss of the module on the data: calls <c>module.Invoke</c>.</param>
    /// <exception cref="ArgumentException">The module has no parameters, or its loss differs from one evaluation to the next.</exception>
    public static Objective Of(Module<double> module, Func<Tensor<double>> loss)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(loss);
        IReadOnlyList<NamedParameter<double>> parameters = module.NamedParameters();
        if (parameters.Count == 0)
            throw new ArgumentException($"The {module.GetType().Name} has no parameters; expected at least one.", nameof(module));
        double[] all = [.. parameters.SelectMany(p => p.Tensor.ToArray())];
        Objective objective = new(
            theta =>
            {
                var parts = new Tensor<double>[parameters.Count];
                for (int i = 0, at = 0; i < parts.Length; i++)
                {
                    Shape shape = parameters[i].Parameter.Shape;
                    parts[i] = theta.Slice(0, at, shape.Length).Reshape(shape);
                    at += shape.Length;
                }
                return module.WithParameters(parts, loss);
            },
            Tensor.From<double>(all));
        double once = objective.Value(), again = objective.Value();
        if (!once.Equals(again))
            throw new ArgumentException($"The loss of the {module.GetType().Name} is {once} and then {again} at the same parameters; expected a function of these alone, as after module.Eval().", nameof(loss));
        return objective;
    }

    /// <summary>The same function at another point.</summary>
    /// <exception cref="ArgumentException">The point has another number of elements.</exception>
    public Objective At(ReadOnlySpan<double> point)
    {
        if (point.Length != Count)
            throw new ArgumentException($"A point of {point.Length} elements; expected {Count}.", nameof(point));
        return new(Function, Tensor.From(point, Point.Shape));
    }

    /// <summary>f(x).</summary>
    public double Value()
    {
        using NoGrad off = new();
        using TensorScope scope = new();
        return Function(Point).Item();
    }

    /// <summary>f(x + step·direction).</summary>
    public double Value(ReadOnlySpan<double> direction, double step)
    {
        using NoGrad off = new();
        using TensorScope scope = new();
        return Function(Moved(direction, step)).Item();
    }

    /// <summary>x + step·direction, in x's shape.</summary>
    /// <exception cref="ArgumentException">The direction has another number of elements.</exception>
    public Tensor<double> Moved(ReadOnlySpan<double> direction, double step)
    {
        if (direction.Length != Count)
            throw new ArgumentException($"A direction of {direction.Length} elements; expected {Count}.", nameof(direction));
        double[] moved = Point.ToArray();
        for (int i = 0; i < moved.Length; i++)
            moved[i] += step * direction[i];
        return Tensor.From<double>(moved, Point.Shape);
    }

    /// <summary>∇f(x).</summary>
    public double[] Gradient()
    {
        using TensorScope scope = new();
        return _gradient(Point).ToArray();
    }

    /// <summary>∇²f(x)·v, by forward over reverse.</summary>
    /// <exception cref="ArgumentException">v has another number of elements.</exception>
    public double[] HessianTimes(ReadOnlySpan<double> v)
    {
        if (v.Length != Count)
            throw new ArgumentException($"A vector of {v.Length} elements; expected {Count}.", nameof(v));
        using TensorScope scope = new();
        return Transforms.Jvp(_gradient, Point, Tensor.From(v, Point.Shape)).Tangent.ToArray();
    }
}
