using FastGrad.Autograd;
using FastGrad.Modules;

namespace FastGrad.Analysis.Checks;

/// <summary>Holds a function's derivatives against numeric differentiation, against each other, and to second order.</summary>
/// <remarks>
/// <para>
/// For f with arguments x, a fixed weight w on the output and a fixed direction v: the gradient of ⟨w, f⟩, by the eager tape and by
/// the functional transform; J·v; ⟨w, Jv⟩ = ⟨Jᵀw, v⟩; and the second derivative in three nestings, against differences of
/// the analytic gradient. Up to <see cref="CheckOptions.Elementwise"/> elements each is moved alone; beyond, whole arguments
/// along random directions: the slope along a direction against the gradient's product with it.
/// </para>
/// <para>
/// An analytic a and a numeric n agree when |a − n| ≤ 10⁻⁶·max(|a|, |n|) + c·ε·|f|/h, with the step h, the size |f| of what was
/// differenced, and c = 64. Reported errors are |a − n| / (max(|a|, |n|) + 10⁶·c·ε·|f|/h), so that 10⁻⁶ is the bound.
/// </para>
/// <para>Points must lie more than ten steps away from kinks, jumps and ties; the catalogue's samples do.</para>
/// </remarks>
public static class DerivativeCheck
{
    /// <summary>The bound of errors against numeric differentiation.</summary>
    public const double NumericBound = 1e-6;

    /// <summary>The bound between fused and functional derivatives, which round differently.</summary>
    public const double FusedBound = 1e-12;

    /// <summary>The bound of the inner-product test.</summary>
    public const double InnerProductBound = 1e-13;

    private const double Epsilon = 2.220446049250313e-16; // 2⁻⁵²
    private const double RoundingFactor = 64;

    /// <summary>Checks a function of one tensor at a point.</summary>
    /// <param name="name">What to call it in the report.</param>
    /// <param name="f">The function, written with differentiable operations.</param>
    /// <param name="x">The point.</param>
    /// <param name="options">Steps and seeds.</param>
    public static DerivativeReport Run(string name, Func<Tensor<double>, Tensor<double>> f, Tensor<double> x, CheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(f);
        return Run(name, all => f(all[0]), [x], options);
    }

    /// <summary>Checks a function of several tensors at a point.</summary>
    /// <param name="name">What to call it in the report.</param>
    /// <param name="f">The function, written with differentiable operations.</param>
    /// <param name="x">The point.</param>
    /// <param name="options">Steps and seeds.</param>
    public static DerivativeReport Run(string name, Func<Tensor<double>[], Tensor<double>> f, IReadOnlyList<Tensor<double>> x, CheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(x);
        return new Examination(name, f, [.. x], options ?? CheckOptions.Default).Run();
    }

    /// <summary>Checks a layer or model as a function of its input and of every parameter, which failures call by their paths.</summary>
    /// <remarks>The module is made anew for each call, so that masks and running statistics do not move between calls.</remarks>
    /// <param name="name">What to call it in the report.</param>
    /// <param name="make">Makes the module, in training or evaluation mode; it needs no values.</param>
    /// <param name="x">The input.</param>
    /// <param name="options">Steps and seeds. Parameters are drawn from (−1, 1) under the seed.</param>
    public static DerivativeReport Run(string name, Func<Module<double>> make, Tensor<double> x, CheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(make);
        options ??= CheckOptions.Default;
        IReadOnlyList<NamedParameter<double>> parameters = make().NamedParameters();
        Tensor<double>[] point = [x, .. parameters.Select((p, i) => Samples.Uniform(p.Parameter.Shape, -1, 1, options.Seed, (9UL << 32) + (ulong)i))];
        return Run(name, Call, point, options with { Names = ["input", .. parameters.Select(p => p.Name)] });

        Tensor<double> Call(Tensor<double>[] all)
        {
            Module<double> module = make();
            return module.WithParameters(all[1..], () => module.Invoke(all[0]));
        }
    }

    /// <summary>The step for each element: 2⁻⁸·max(|x|, scale).</summary>
    internal static IEnumerable<double> Steps(Tensor<double> x, double scale) =>
        x.ToArray().Select(value => Step(value, scale));

    private static double Step(double x, double scale) => Math.Max(Math.Abs(x), scale) / 256;

    /// <summary>One run: the point, its weight and direction, and what has come out so far.</summary>
    private sealed class Examination
    {
        private readonly string _name;
        private readonly Func<Tensor<double>[], Tensor<double>> _f;
        private readonly Tensor<double>[] _x;
        private readonly Tensor<double>[] _v;
        private readonly Tensor<double> _y;
        private readonly Tensor<double> _w;
        private readonly CheckOptions _options;
        private readonly double _step; // along v
        private readonly List<CheckFailure> _failures = [];

        public Examination(string name, Func<Tensor<double>[], Tensor<double>> f, Tensor<double>[] x, CheckOptions options)
        {
            (_name, _f, _x, _options) = (name, f, x, options);
            _y = f(x);
            _w = Samples.Weights(_y.Shape, options.Seed, 0);
            // Each element moves in proportion to its own step, so that a direction is as safe as a single element.
            _v = [.. x.Select((t, i) => Direction(t, i))];
            _step = 1.0 / 256;
        }

        public DerivativeReport Run()
        {
            (double gradient, double fused, Tensor<double>[] g) = Gradient();
            (double jvp, Tensor<double>? tangent) = _options.ForwardMode ? Jvp() : default;
            return new()
            {
                Operator = _name,
                GradientError = gradient,
                FusedError = fused,
                JvpError = jvp,
                InnerProductError = tangent is null ? 0 : InnerProduct(g, tangent),
                SecondOrderError = _options.Order >= 2 ? SecondOrder() : 0,
                Failures = _failures,
            };
        }

        private (double Gradient, double Fused, Tensor<double>[] Functional) Gradient()
        {
            Tensor<double>[] functional = Transforms.Vjp(_f, _x).Pullback(_w);
            Tensor<double>[] leaves = [.. _x.Select(Leaf)];
            Tensor<double> y = _f(leaves);
            if (y.RequiresGrad)
                y.Backward(_w);
            double gradientError = 0, fusedError = 0, size = Size(_y);
            // A gradient that is 0 by cancellation, such as that of a bias before a batch norm, is rounding of the others' size.
            double noise = RoundingFactor * Epsilon / FusedBound * functional.SelectMany(g => g.ToArray()).Select(Math.Abs).DefaultIfEmpty(0).Max();
            for (int i = 0; i < _x.Length; i++)
            {
                double[] analytic = functional[i].ToArray(), fused = leaves[i].Grad?.ToArray() ?? new double[_x[i].Length];
                double scale = analytic.Select(Math.Abs).Append(noise).Max();
                for (int k = 0; k < analytic.Length; k++)
                    Compare(ref fusedError, FusedBound, "fused backward against functional", i, k, fused[k], analytic[k], scale, 0);

                if (analytic.Length <= _options.Elementwise)
                {
                    for (int k = 0; k < analytic.Length; k++)
                    {
                        double h = Step(_x[i].ToArray()[k], _options.ScaleOf(i));
                        double numeric = NumericDerivative.Along(t => [Weighted(Moved(i, k, t))], h)[0];
                        Compare(ref gradientError, NumericBound, "gradient", i, k, analytic[k], numeric, Rounding(size, h), h);
                    }
                }
                else
                {
                    for (int k = 0; k < _options.Directions; k++)
                    {
                        double[] d = Direction(_x[i], i, 1 + k).ToArray();
                        double slope = analytic.Zip(d, (a, b) => a * b).Sum();
                        double numeric = NumericDerivative.Along(t => [Weighted(Moved(i, d, t))], _step)[0];
                        Compare(ref gradientError, NumericBound, "gradient along a direction", i, k, slope, numeric, Rounding(size, _step), _step);
                    }
                }
            }
            return (gradientError, fusedError, functional);
        }

        private (double Error, Tensor<double> Tangent) Jvp()
        {
            Tensor<double> tangent = Transforms.Jvp(_f, _x, _v).Tangent;
            double[] analytic = tangent.ToArray(), size = _y.ToArray();
            double[] numeric = NumericDerivative.Along(t => _f(Moved(t)).ToArray(), _step);
            // Sums round relative to their terms, not to their value: the largest output stands for them.
            double floor = size.Select(Math.Abs).DefaultIfEmpty(0).Max(), error = 0;
            for (int k = 0; k < analytic.Length; k++)
                Compare(ref error, NumericBound, "jvp", -1, k, analytic[k], numeric[k], Rounding(floor, _step), _step);
            return (error, tangent);
        }

        private double InnerProduct(Tensor<double>[] gradients, Tensor<double> tangent)
        {
            double left = Dot(_w, tangent), right = 0, gv = 0, vv = 0;
            for (int i = 0; i < gradients.Length; i++)
            {
                right += Dot(gradients[i], _v[i]);
                gv += Dot(gradients[i], gradients[i]);
                vv += Dot(_v[i], _v[i]);
            }
            double error = 0, scale = Math.Sqrt(Dot(_w, _w) * Dot(tangent, tangent)) + Math.Sqrt(gv * vv);
            Compare(ref error, InnerProductBound, "inner product ⟨Jᵀw, v⟩ with ⟨w, Jv⟩", -1, 0, right, left, scale, 0);
            return error;
        }

        private double SecondOrder()
        {
            // Along v: of ∇⟨w, f⟩ by differences; forward over reverse; reverse over reverse; reverse over forward.
            double[] numeric = NumericDerivative.Along(t => Flat(Gradients(Moved(t))).ToArray(), _step);
            double size = Flat(Gradients(_x)).ToArray().Select(Math.Abs).DefaultIfEmpty(0).Max();
            double error = 0;
            Against("reverse over reverse", Flat(Transforms.ValueAndGrad<double>(x => (Flat(Gradients(x)) * Flat(_v)).Sum())(_x).Gradients));
            if (!_options.ForwardMode)
                return error;
            Against("forward over reverse", Transforms.Jvp(x => Flat(Gradients(x)), _x, _v).Tangent);
            Against("reverse over forward", Flat(Transforms.ValueAndGrad<double>(x => Transforms.Jvp(Scalar, x, _v).Tangent)(_x).Gradients));
            return error;

            void Against(string nesting, Tensor<double> second)
            {
                double[] analytic = second.ToArray();
                for (int k = 0; k < analytic.Length; k++)
                    Compare(ref error, NumericBound, "second order, " + nesting, -1, k, analytic[k], numeric[k], Rounding(size, _step), _step);
            }
        }

        private Tensor<double> Scalar(Tensor<double>[] x) => (_f(x) * _w).Sum();

        private Tensor<double>[] Gradients(Tensor<double>[] x) => Transforms.ValueAndGrad<double>(Scalar)(x).Gradients;

        private double Weighted(Tensor<double>[] x) => Dot(_f(x), _w);

        private Tensor<double> Direction(Tensor<double> x, int argument, int number = 0)
        {
            Tensor<double> v = Samples.Weights(x.Shape, _options.Seed, (ulong)(1 + argument + 64 * number));
            Span<double> elements = v.AsSpan();
            double[] at = x.ToArray();
            for (int k = 0; k < at.Length; k++)
                elements[k] *= Math.Max(Math.Abs(at[k]), _options.ScaleOf(argument));
            return v;
        }

        private Tensor<double>[] Moved(int argument, int element, double t)
        {
            Tensor<double> moved = _x[argument].Clone();
            moved.AsSpan()[element] += t;
            return [.. _x.Select((x, i) => i == argument ? moved : x)];
        }

        private Tensor<double>[] Moved(int argument, double[] direction, double t)
        {
            Tensor<double> moved = Moved(_x[argument], direction, t);
            return [.. _x.Select((x, i) => i == argument ? moved : x)];
        }

        private Tensor<double>[] Moved(double t) => [.. _x.Select((x, i) => Moved(x, _v[i].ToArray(), t))];

        private static Tensor<double> Moved(Tensor<double> x, double[] direction, double t)
        {
            Tensor<double> moved = x.Clone();
            Span<double> elements = moved.AsSpan();
            for (int k = 0; k < elements.Length; k++)
                elements[k] += t * direction[k];
            return moved;
        }

        private static Tensor<double> Leaf(Tensor<double> x)
        {
            Tensor<double> leaf = x.Clone();
            leaf.RequiresGrad = true;
            return leaf;
        }

        private static Tensor<double> Flat(Tensor<double>[] parts) =>
            TensorShapes.Concatenate(0, [.. parts.Select(p => p.Reshape([p.Length]))]);

        private static double Dot(Tensor<double> a, Tensor<double> b) => a.ToArray().Zip(b.ToArray(), (p, q) => p * q).Sum();

        // Σ|w·y|: what a weighted sum of the output rounds relative to.
        private double Size(Tensor<double> y) => y.ToArray().Zip(_w.ToArray(), (p, q) => Math.Abs(p * q)).Sum();

        private static double Rounding(double size, double h) => RoundingFactor * Epsilon * size / h / NumericBound;

        private void Compare(ref double worst, double bound, string check, int argument, int element, double analytic, double expected, double floor, double step)
        {
            double difference = Math.Abs(analytic - expected), scale = Math.Max(Math.Max(Math.Abs(analytic), Math.Abs(expected)), floor);
            if (step > 0)
                scale = Math.Max(Math.Abs(analytic), Math.Abs(expected)) + floor;
            double error = difference == 0 ? 0 : difference / scale;
            worst = DerivativeReport.Worse(error, worst);
            if (!(error <= bound) && _failures.Count(f => f.Check == check && f.Argument == argument) < 4)
                _failures.Add(new(_name, check, argument, element, analytic, expected, step) { ArgumentName = argument >= 0 && argument < _options.Names.Count ? _options.Names[argument] : null });
        }
    }
}
