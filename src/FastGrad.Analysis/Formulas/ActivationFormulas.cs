using FastGrad.Autograd;

namespace FastGrad.Analysis.Formulas;

/// <summary>All activations, in the order of the page that shows them: docs/derivatives.md.</summary>
/// <remarks>σ is the logistic function, φ and Φ are density and distribution function of the normal distribution, y is f(x). Each text stands beside the same formula in plain double.</remarks>
public static class ActivationFormulas
{
    // Klambauer et al. 2017, "Self-normalizing neural networks", eq. 14.
    private const double SeluScale = 1.0507009873554805, SeluAlpha = 1.6732632423543772;

    private static readonly double s_density = 1 / Math.Sqrt(2 * Math.PI);

    /// <summary>All formulas.</summary>
    public static IReadOnlyList<ActivationFormula> All { get; } = [.. Rectifiers, .. Smooth, .. Sigmoids, .. Piecewise, .. Several];

    private static IEnumerable<ActivationFormula> Rectifiers =>
    [
        new("relu", "max(x, 0)", "1 for x > 0, else 0", "0", "convex", x => x.Relu(), x => x > 0 ? 1 : 0, _ => 0, 0),
        new("squared-relu", "max(x, 0)²", "2·max(x, 0)", "2 for x > 0, else 0", "convex", x => x.SquaredRelu(), x => 2 * Math.Max(x, 0), x => x > 0 ? 2 : 0, 0),
        new("leaky-relu", "x for x > 0, a·x else", "1 or a", "0", "convex for a ≤ 1", x => x.LeakyRelu(0.125), x => x > 0 ? 1 : 0.125, _ => 0, 0) { Shown = "a = 1/8" },
        new("prelu", "x for x > 0, a·x else; a is learned, ∂f/∂a = min(x, 0)", "1 or a", "0; mixed with a: 1 for x < 0", "in x: convex for a ≤ 1", x => x.PRelu(Tensor.Scalar(0.25)), x => x > 0 ? 1 : 0.25, _ => 0, 0) { Shown = "a = 1/4" },
        new("relu6", "min(max(x, 0), 6)", "1 inside (0, 6), else 0", "0", "neither", x => x.Relu6(), x => x is > 0 and < 6 ? 1 : 0, _ => 0, 0, 6),
        new("elu", "x for x > 0, α(eˣ − 1) else", "1 or α·eˣ", "0 or α·eˣ", "convex for 0 ≤ α ≤ 1", x => x.Elu(), x => x > 0 ? 1 : Exp(x), x => x > 0 ? 0 : Exp(x), 0) { Shown = "α = 1" },
        new("celu", "x for x > 0, α(e^(x/α) − 1) else", "1 or e^(x/α)", "0 or e^(x/α)/α", "convex", x => x.Celu(2), x => x > 0 ? 1 : Exp(x / 2), x => x > 0 ? 0 : Exp(x / 2) / 2, 0) { Shown = "α = 2" },
        new("selu", "λx for x > 0, λα(eˣ − 1) else", "λ or λα·eˣ", "0 or λα·eˣ", "neither: the slope falls from λα to λ at 0", x => x.Selu(), x => x > 0 ? SeluScale : SeluScale * SeluAlpha * Exp(x), x => x > 0 ? 0 : SeluScale * SeluAlpha * Exp(x), 0) { Shown = "λ = 1.0507…, α = 1.6733…" },
    ];

    private static IEnumerable<ActivationFormula> Smooth =>
    [
        new("softplus", "log(1 + eˣ)", "σ(x)", "σ(x)σ(−x)", "convex", x => x.Softplus(), Logistic, x => Logistic(x) * Logistic(-x)),
        new("scaled-softplus", "log(1 + e^(βx))/β", "σ(βx)", "β·σ(βx)σ(−βx)", "convex", x => x.Softplus(2), x => Logistic(2 * x), x => 2 * Logistic(2 * x) * Logistic(-2 * x)) { Shown = "β = 2" },
        new("silu", "x·σ(x)", "σ(1 + x(1 − σ))", "σ(1 − σ)(2 + x(1 − 2σ))", "neither: convex near 0, concave in the tails", x => x.Silu(), SiluSlope, SiluBend),
        new("gelu", "x·Φ(x)", "Φ + xφ", "(2 − x²)φ", "neither: convex for |x| < √2, concave beyond", x => x.Gelu(), GeluSlope, GeluBend),
        new("gelu-tanh", "x·σ(2u), u = √(2/π)(x + 0.044715x³)", "s + 2xu′s(1 − s), s = σ(2u)", "2s(1 − s)(2u′ + xu″ + 2xu′²(1 − 2s))", "neither: convex near 0, concave in the tails", x => x.GeluTanh(), GeluTanhSlope, GeluTanhBend),
        new("mish", "x·t, t = tanh(log(1 + eˣ))", "t + xσ(1 − t²)", "σ(1 − t²)(2 + x(1 − σ − 2tσ))", "neither: convex near 0, concave in the tails", x => x.Mish(), MishSlope, MishBend),
    ];

    private static IEnumerable<ActivationFormula> Sigmoids =>
    [
        new("sigmoid", "σ(x) = 1/(1 + e⁻ˣ)", "y(1 − y)", "y(1 − y)(1 − 2y)", "convex for x < 0, concave for x > 0", x => x.Sigmoid(), LogisticSlope, LogisticBend),
        new("log-sigmoid", "log σ(x)", "σ(−x)", "−σ(x)σ(−x)", "concave", x => x.LogSigmoid(), x => Logistic(-x), x => -LogisticSlope(x)),
        new("tanh", "tanh x", "1 − y²", "−2y(1 − y²)", "convex for x < 0, concave for x > 0", x => x.Tanh(), TanhSlope, x => -2 * Tanh(x) * TanhSlope(x)),
        new("softsign", "x/(1 + |x|)", "1/(1 + |x|)²", "−2·sign x/(1 + |x|)³", "convex for x < 0, concave for x > 0", x => x.Softsign(), x => Power(1 + Math.Abs(x), -2), x => -2 * Math.Sign(x) * Power(1 + Math.Abs(x), -3), 0),
        new("tanh-shrink", "x − tanh x", "tanh² x", "2·tanh x·(1 − tanh² x)", "concave for x < 0, convex for x > 0", x => x.TanhShrink(), x => Tanh(x) * Tanh(x), x => 2 * Tanh(x) * TanhSlope(x)),
    ];

    private static IEnumerable<ActivationFormula> Piecewise =>
    [
        new("hard-tanh", "min(max(x, −1), 1)", "1 inside (−1, 1), else 0", "0", "neither", x => x.HardTanh(), x => Math.Abs(x) < 1 ? 1 : 0, _ => 0, -1, 1),
        new("hard-sigmoid", "min(max(x/6 + ½, 0), 1)", "1/6 inside (−3, 3), else 0", "0", "neither", x => x.HardSigmoid(), x => Math.Abs(x) < 3 ? 1.0 / 6 : 0, _ => 0, -3, 3),
        new("hard-swish", "x·min(max(x/6 + ½, 0), 1)", "x/3 + ½ inside (−3, 3), 0 below, 1 above", "⅓ inside, else 0", "neither", x => x.HardSwish(), x => x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5, x => Math.Abs(x) < 3 ? 1.0 / 3 : 0, -3, 3),
        new("hard-shrink", "x for |x| > λ, else 0", "1 or 0", "0", "neither", x => x.HardShrink(), x => Math.Abs(x) > 0.5 ? 1 : 0, _ => 0, -0.5, 0.5) { Shown = "λ = ½" },
        new("soft-shrink", "sign x·max(|x| − λ, 0)", "1 for |x| > λ, else 0", "0", "concave for x < 0, convex for x > 0", x => x.SoftShrink(), x => Math.Abs(x) > 0.5 ? 1 : 0, _ => 0, -0.5, 0.5) { Shown = "λ = ½" },
        new("threshold", "x for x > θ, else c", "1 or 0", "0", "convex where it is continuous, c = θ; else neither", x => x.Threshold(0.5, -1), x => x > 0.5 ? 1 : 0, _ => 0, 0.5) { Shown = "θ = ½, c = −1" },
    ];

    private static IEnumerable<ActivationFormula> Several =>
    [
        new("glu", "y·σ(x)", "y·σ(x)(1 − σ(x)); ∂/∂y = σ(x)", "y·σ(1 − σ)(1 − 2σ); mixed σ(1 − σ); ∂²/∂y² = 0", "neither", x => x.Gate(Tensor.Scalar(1.0), default(Kernels.Functions.Sigmoid<double>)), LogisticSlope, LogisticBend) { Shown = "y = 1" },
        new("swi-glu", "silu(x)·y", "silu′(x)·y; ∂/∂y = silu(x)", "silu″(x)·y; mixed silu′(x); ∂²/∂y² = 0", "neither", x => x.Gate(Tensor.Scalar(1.0), default(Kernels.Activations.Silu<double>)), SiluSlope, SiluBend) { Shown = "y = 1" },
        new("ge-glu", "gelu(x)·y", "gelu′(x)·y; ∂/∂y = gelu(x)", "gelu″(x)·y; mixed gelu′(x); ∂²/∂y² = 0", "neither", x => x.Gate(Tensor.Scalar(1.0), default(Kernels.Activations.Gelu<double>)), GeluSlope, GeluBend) { Shown = "y = 1" },
        new("softmax", "yᵢ = e^xᵢ/Σₖ e^xₖ", "∂yᵢ/∂xⱼ = yᵢ(δᵢⱼ − yⱼ)", "∂²yᵢ/∂xⱼ∂xₖ = yᵢ((δᵢⱼ − yⱼ)(δᵢₖ − yₖ) − yⱼ(δⱼₖ − yₖ))", "neither", x => First(x, p => p.Softmax()), LogisticSlope, LogisticBend) { Shown = "y₁ of (x, 0)" },
        new("log-softmax", "yᵢ = xᵢ − log Σₖ e^xₖ", "∂yᵢ/∂xⱼ = δᵢⱼ − e^yⱼ", "∂²yᵢ/∂xⱼ∂xₖ = −e^yⱼ(δⱼₖ − e^yₖ)", "concave", x => First(x, p => p.LogSoftmax()), x => Logistic(-x), x => -LogisticSlope(x)) { Shown = "y₁ of (x, 0)" },
        new("softmin", "yᵢ = e^−xᵢ/Σₖ e^−xₖ", "∂yᵢ/∂xⱼ = −yᵢ(δᵢⱼ − yⱼ)", "∂²yᵢ/∂xⱼ∂xₖ = yᵢ((δᵢⱼ − yⱼ)(δᵢₖ − yₖ) − yⱼ(δⱼₖ − yₖ))", "neither", x => First(x, p => p.Softmin()), x => -LogisticSlope(x), x => LogisticBend(-x)) { Shown = "y₁ of (x, 0)" },
    ];

    // The first element of a function of the pairs (x, 0).
    private static Tensor<double> First(Tensor<double> x, Func<Tensor<double>, Tensor<double>> f)
    {
        Tensor<double> column = x.Reshape([x.Length, 1]);
        return f(TensorShapes.Concatenate<double>(1, column, column * 0.0)).Slice(1, 0, 1).Reshape(x.Shape);
    }

    private static double Exp(double x) => Kernels.Functions.Exp<double>.At(x);

    private static double Tanh(double x) => Kernels.Functions.Tanh<double>.At(x);

    private static double Power(double x, int n) => n < 0 ? 1 / Power(x, -n) : n == 0 ? 1 : x * Power(x, n - 1);

    private static double Logistic(double x) => 1 / (1 + Exp(-x));

    private static double LogisticSlope(double x) => Logistic(x) * (1 - Logistic(x));

    private static double LogisticBend(double x) => LogisticSlope(x) * (1 - 2 * Logistic(x));

    private static double TanhSlope(double x) => 1 - Tanh(x) * Tanh(x);

    private static double SiluSlope(double x) => Logistic(x) * (1 + x * (1 - Logistic(x)));

    private static double SiluBend(double x) => LogisticSlope(x) * (2 + x * (1 - 2 * Logistic(x)));

    private static double Density(double x) => s_density * Exp(-x * x / 2);

    private static double GeluSlope(double x) => Kernels.Functions.Erfc<double>.At(-x / Math.Sqrt(2)) / 2 + x * Density(x);

    private static double GeluBend(double x) => (2 - x * x) * Density(x);

    private static double GeluTanhSlope(double x)
    {
        (double s, double du, _) = GeluTanhParts(x);
        return s + 2 * x * du * s * (1 - s);
    }

    private static double GeluTanhBend(double x)
    {
        (double s, double du, double ddu) = GeluTanhParts(x);
        return 2 * s * (1 - s) * (2 * du + x * ddu + 2 * x * du * du * (1 - 2 * s));
    }

    private static (double S, double First, double Second) GeluTanhParts(double x)
    {
        double scale = Math.Sqrt(2 / Math.PI);
        return (Logistic(2 * scale * (x + 0.044715 * x * x * x)), scale * (1 + 3 * 0.044715 * x * x), scale * 6 * 0.044715 * x);
    }

    private static double MishSlope(double x)
    {
        double t = Tanh(Kernels.Functions.Log1p<double>.At(Exp(x)));
        return t + x * Logistic(x) * (1 - t * t);
    }

    private static double MishBend(double x)
    {
        double t = Tanh(Kernels.Functions.Log1p<double>.At(Exp(x))), s = Logistic(x);
        return s * (1 - t * t) * (2 + x * (1 - s - 2 * t * s));
    }
}
