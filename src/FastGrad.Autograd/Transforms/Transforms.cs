using System.Numerics;

namespace FastGrad.Autograd;

/// <summary>Functions that make derivatives of functions. They nest in any order and to any depth.</summary>
/// <remarks>
/// Each transform traces its own variables at its own level, so perturbations of nested transforms never mix:
/// d/dx [x · d/dy (x + y)] is 1. Tensors that a function closes over are constants to the transform.
/// </remarks>
public static partial class Transforms
{
    /// <summary>x ↦ ∇f(x) for a scalar-valued f.</summary>
    public static Func<Tensor<T>, Tensor<T>> Grad<T>(Func<Tensor<T>, Tensor<T>> f)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => x => ValueAndGrad(f)(x).Gradient;

    /// <summary>x ↦ (f(x), ∇f(x)) for a scalar-valued f.</summary>
    public static Func<Tensor<T>, (Tensor<T> Value, Tensor<T> Gradient)> ValueAndGrad<T>(Func<Tensor<T>, Tensor<T>> f)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(f);
        Func<Tensor<T>[], (Tensor<T> Value, Tensor<T>[] Gradients)> all = ValueAndGrad<T>(x => f(x[0]));
        return x =>
        {
            (Tensor<T> value, Tensor<T>[] gradients) = all([x]);
            return (value, gradients[0]);
        };
    }

    /// <summary>(x₁, x₂, …) ↦ (f, [∂f/∂x₁, ∂f/∂x₂, …]) for a scalar-valued f of several tensors.</summary>
    public static Func<Tensor<T>[], (Tensor<T> Value, Tensor<T>[] Gradients)> ValueAndGrad<T>(Func<Tensor<T>[], Tensor<T>> f)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(f);
        return x =>
        {
            (Tensor<T> value, Func<Tensor<T>, Tensor<T>[]> pullback) = Vjp(f, x);
            if (value.Length != 1)
                throw new InvalidOperationException($"The function's value has shape {value.Shape}; expected a scalar such as a sum or a mean. Transforms.Jacobian takes any shape.");
            return (value, pullback(TensorBackward.Seed(value, null)));
        };
    }

    /// <summary>f(x), and the map v ↦ Jᵀv back to x.</summary>
    public static (Tensor<T> Value, Func<Tensor<T>, Tensor<T>> Pullback) Vjp<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(f);
        (Tensor<T> value, Func<Tensor<T>, Tensor<T>[]> pullback) = Vjp<T>(all => f(all[0]), [x]);
        return (value, v => pullback(v)[0]);
    }

    /// <summary>f(x₁, x₂, …), and the map v ↦ (J₁ᵀv, J₂ᵀv, …) back to them; it may be called again and again.</summary>
    public static (Tensor<T> Value, Func<Tensor<T>, Tensor<T>[]> Pullback) Vjp<T>(Func<Tensor<T>[], Tensor<T>> f, params Tensor<T>[] x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(x);
        long level = Trace.NewLevel();
        LeafNode<T>[] leaves = [.. x.Select(_ => new LeafNode<T>(null))];
        Tensor<T> result = f([.. x.Select((value, i) => value.Traced(new ReverseTrace<T>(level, value, leaves[i])))]);
        if (result.Trace is not ReverseTrace<T> trace || trace.Level != level)
            return (result, v => [.. x.Select(value => Tensor.Zeros<T>(value.Shape))]); // independent of x
        return (trace.Primal, Pull);

        Tensor<T>[] Pull(Tensor<T> v)
        {
            ArgumentNullException.ThrowIfNull(v);
            BackwardPass.RunFunctional(trace.Node, TensorBackward.Seed(trace.Primal, v));
            var gradients = new Tensor<T>[x.Length];
            for (int i = 0; i < gradients.Length; i++)
            {
                gradients[i] = leaves[i].Gradient is { } gradient ? Readable(gradient) : Tensor.Zeros<T>(x[i].Shape);
                leaves[i].Gradient = null;
            }
            return gradients;
        }
    }

    /// <summary>f(x) and the directional derivative J·v, in one forward pass.</summary>
    /// <exception cref="ArgumentException">v has not x's shape.</exception>
    public static (Tensor<T> Value, Tensor<T> Tangent) Jvp<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, Tensor<T> v)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(f);
        return Jvp<T>(all => f(all[0]), [x], [v]);
    }

    /// <summary>f(x₁, x₂, …) and Σ Jᵢ·vᵢ, in one forward pass.</summary>
    /// <exception cref="ArgumentException">The numbers or shapes of x and v differ.</exception>
    public static (Tensor<T> Value, Tensor<T> Tangent) Jvp<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] x, Tensor<T>[] v)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(v);
        if (x.Length != v.Length)
            throw new ArgumentException($"{v.Length} tangents for {x.Length} inputs; expected one each.", nameof(v));
        long level = Trace.NewLevel();
        var traced = new Tensor<T>[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            if (v[i].Shape != x[i].Shape)
                throw new ArgumentException($"The tangent of input {i} has shape {v[i].Shape}; expected {x[i].Shape}.", nameof(v));
            traced[i] = x[i].Traced(new ForwardTrace<T>(level, x[i], v[i]));
        }
        Tensor<T> result = f(traced);
        return result.Trace is ForwardTrace<T> trace && trace.Level == level
            ? (trace.Primal, Readable(trace.Tangent))
            : (result, Tensor.Zeros<T>(result.Shape)); // independent of x
    }

    /// <summary>∇²f(x)·v for a scalar-valued f: forward over reverse, at a few times the cost of f, without forming the Hessian.</summary>
    /// <exception cref="ArgumentException">v has not x's shape.</exception>
    public static Tensor<T> Hvp<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, Tensor<T> v)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Jvp(Grad(f), x, v).Tangent;

    /// <summary>vᵀ·∇²f(x) for a scalar-valued f: reverse over reverse. It equals <see cref="Hvp"/>, and serves as its check.</summary>
    /// <exception cref="ArgumentException">v has not x's shape.</exception>
    public static Tensor<T> Vhp<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, Tensor<T> v)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Vjp(Grad(f), x).Pullback(v);

    /// <summary>The Jacobian of f at x: shape [f's axes…, x's axes…].</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="mode">A pass for each row (reverse) or for each column (forward); left open, whichever are fewer.</param>
    public static Tensor<T> Jacobian<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, DerivativeMode mode = DerivativeMode.Fewest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        (Tensor<T> value, Func<Tensor<T>, Tensor<T>> pullback) = Vjp(f, x);
        Shape shape = Shape.Create([.. value.Shape.Axes, .. x.Shape.Axes]);
        if (shape.Length == 0)
            return Tensor.Zeros<T>(shape);
        bool byRows = mode == DerivativeMode.Reverse || (mode == DerivativeMode.Fewest && value.Length <= x.Length);
        var parts = new Tensor<T>[byRows ? value.Length : x.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            Tensor<T> unit = Tensor.Zeros<T>(byRows ? value.Shape : x.Shape);
            unit.Dense()[i] = T.One;
            parts[i] = byRows ? pullback(unit).Reshape([1, x.Length]) : Jvp(f, x, unit).Tangent.Reshape([value.Length, 1]);
        }
        return TensorShapes.Concatenate(byRows ? 0 : 1, parts).Reshape(shape);
    }

    /// <summary>∇²f(x) for a scalar-valued f: shape [x's axes…, x's axes…], a column a Hessian-vector product.</summary>
    public static Tensor<T> Hessian<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        Shape shape = Shape.Create([.. x.Shape.Axes, .. x.Shape.Axes]);
        if (shape.Length == 0)
            return Tensor.Zeros<T>(shape);
        var columns = new Tensor<T>[x.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            Tensor<T> unit = Tensor.Zeros<T>(x.Shape);
            unit.Dense()[i] = T.One;
            columns[i] = Hvp(f, x, unit).Reshape([x.Length, 1]);
        }
        return TensorShapes.Concatenate(1, columns).Reshape(shape);
    }

    /// <summary>∂y/∂x for tensors of the eager tape, without touching anybody's Grad: differentiable where <paramref name="createGraph"/>.</summary>
    /// <param name="y">A recorded result.</param>
    /// <param name="inputs">Leaves that require a gradient.</param>
    /// <param name="gradient">The gradient with respect to y; may be left out for a scalar.</param>
    /// <param name="createGraph">Whether the results are to be differentiable themselves.</param>
    /// <returns>One gradient each; zeros where y does not depend on an input.</returns>
    /// <exception cref="ArgumentException">An input is no leaf that requires a gradient.</exception>
    public static Tensor<T>[] Gradients<T>(Tensor<T> y, IReadOnlyList<Tensor<T>> inputs, Tensor<T>? gradient = null, bool createGraph = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(inputs);
        if (y.Node is not { } root)
            throw new InvalidOperationException($"{y} requires no gradient; expected a recorded result.");
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Node is not LeafNode<T>)
                throw new ArgumentException($"Input {i}, {inputs[i]}, is no leaf that requires a gradient; expected RequiresGrad = true set before the forward pass.", nameof(inputs));
        }
        List<LeafNode<T>> reached;
        if (createGraph)
        {
            reached = BackwardPass.RunFunctional(root, TensorBackward.Seed(y, gradient));
        }
        else
        {
            using NoGrad off = new();
            reached = BackwardPass.RunFunctional(root, TensorBackward.Seed(y, gradient));
        }
        var gradients = new Tensor<T>[inputs.Count];
        for (int i = 0; i < gradients.Length; i++)
            gradients[i] = ((LeafNode<T>)inputs[i].Node!).Gradient ?? Tensor.Zeros<T>(inputs[i].Shape);
        foreach (LeafNode<T> leaf in reached)
            leaf.Gradient = null;
        return gradients;
    }

    // A result whose elements lie in order, so that its span can be read, unless an outer transform still traces it.
    private static Tensor<T> Readable<T>(Tensor<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => result.Trace is null ? result.Materialized() : result;
}
