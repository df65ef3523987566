using FastGrad.Losses;

namespace FastGrad.Analysis.Formulas;

/// <summary>All losses, in the order of the page that shows them: docs/derivatives.md.</summary>
/// <remarks>p is a prediction, z a logit or score, y a target, e = p − y. Where the gradient jumps it is that of the side named by the operator's convention.</remarks>
public static class LossFormulas
{
    /// <summary>All formulas.</summary>
    public static IReadOnlyList<LossFormula> All { get; } =
    [
        new("e²", "2e", new MeanSquaredError<double>()),
        new("|e|", "sign e", new MeanAbsoluteError<double>()),
        new("½e² for |e| ≤ δ, δ(|e| − ½δ) beyond", "e inside, δ·sign e beyond", new Huber<double>()),
        new("½e²/β for |e| < β, |e| − ½β beyond", "e/β inside, sign e beyond", new SmoothL1<double>(), "1/β"),
        new("log cosh e", "tanh e", new LogCosh<double>()),
        new("max(−τe, (1 − τ)e)", "1 − τ for e > 0, −τ for e < 0", new Quantile<double>(0.5)),
        new("eᵖ − y·p of the log rate p; p − y·log(p + ε) of the rate", "eᵖ − y; 1 − y/(p + ε)", new PoissonNll<double>()),
        new("½(log v + (m − y)²/v) of mean m and variance v", "(m − y)/v; ½(1/v − (m − y)²/v²)", new GaussianNll<double>()),
        new("−w·y·log σ(z) − (1 − y)·log(1 − σ(z))", "(1 − y)σ(z) − w·y·σ(−z); for w = 1: σ(z) − y", new BinaryCrossEntropy<double>(), "max(1, w)/4"),
        new("−y·log p − (1 − y)·log(1 − p)", "(p − y)/(p(1 − p))", new BinaryCrossEntropyOfProbabilities<double>()),
        new("−Σⱼ qⱼ·log softmax(z)ⱼ", "softmax(z)·Σ q − q; for a label: softmax(z) less 1 at the label", new CrossEntropy<double>(), "½·the greatest class weight"),
        new("−p[label] of log probabilities p", "−1 at the label", new NegativeLogLikelihood<double>()),
        new("−α(1 − s)^γ·log s for y = 1, s = σ(z); −(1 − α)s^γ·log(1 − s) for y = 0", "y = 1: α(1 − s)^γ(γs·log s − (1 − s)); y = 0: (1 − α)s^γ(s − γ(1 − s)·log(1 − s))", new Focal<double>()),
        new("max(0, c − y·z)", "−y where y·z < c, else 0", new Hinge<double>()),
        new("max(0, c − y·z)²", "−2y·max(0, c − y·z)", new SquaredHinge<double>()),
        new("Σⱼ≠label max(0, c − z[label] + zⱼ)ᵖ / classes", "at j: p·max(0, …)^(p−1)/classes; at the label: less their sum", new MultiMargin<double>(), "4 for p = 2 without class weights"),
        new("Σⱼ yⱼ(log yⱼ − pⱼ) of log probabilities p", "−y", new KlDivergence<double>()),
        new("1 − cos(a, b) for y = 1; max(0, cos(a, b) − c) for y = −1", "in a: ∓(b/‖b‖ − cos(a, b)·a/‖a‖)/‖a‖", new CosineEmbedding<double>()),
        new("max(0, c − y(a − b))", "in a: −y where the term is above 0; in b: y", new MarginRanking<double>()),
        new("max(0, ‖a − p‖ − ‖a − n‖ + c)", "in a: (a − p)/‖a − p‖ − (a − n)/‖a − n‖", new TripletMargin<double>()),
        new("−log softmax(cos(aᵢ, b)/τ)ᵢ", "in the similarities: (softmax − 1 at the pair)/τ", new InfoNce<double>()),
        new("1 − (2Σ p·y + s)/(Σ p + Σ y + s)", "((2Σ p·y + s)/(Σ p + Σ y + s) − 2y)/(Σ p + Σ y + s)", new Dice<double>()),
    ];
}
