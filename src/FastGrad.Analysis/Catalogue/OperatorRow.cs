using FastGrad.Analysis.Reference;
using FastGrad.Autograd;

namespace FastGrad.Analysis.Catalogue;

/// <summary>All that is known of one operator: how to apply it, where, how well, and what it claims. It drives every check.</summary>
/// <param name="Name">The operator's name, as the tool takes and prints it.</param>
/// <param name="Implementation">The open generic type that implements it, such as <c>typeof(Exp&lt;&gt;)</c>.</param>
/// <param name="Double">Applies it to tensors of double.</param>
/// <param name="Single">Applies it to tensors of float.</param>
public sealed record OperatorRow(
    string Name,
    Type Implementation,
    Func<Tensor<double>[], Tensor<double>> Double,
    Func<Tensor<float>[], Tensor<float>> Single)
{
    /// <summary>Lists of arguments to check it with: shapes that broadcast, ranks, domains.</summary>
    public required IReadOnlyList<IReadOnlyList<Argument>> Cases { get; init; }

    /// <summary>The body's recording in primitives, for operators that have a body; it must give the kernel's bits.</summary>
    public Func<Tensor<double>[], Tensor<double>>? RecordedDouble { get; init; }

    /// <summary>The body's recording in primitives, in float.</summary>
    public Func<Tensor<float>[], Tensor<float>>? RecordedSingle { get; init; }

    /// <summary>One element in about 31 digits, for elementwise operators.</summary>
    public Func<Precise[], Precise>? Reference { get; init; }

    /// <summary>Where <see cref="Reference"/> holds: magnitudes of the arguments are drawn log-uniformly up to these bounds.</summary>
    public (double Low, double High) ReferenceRange { get; init; } = (-1e6, 1e6);

    /// <summary>Where the second argument differs: its bounds; null where it has those of the first.</summary>
    public (double Low, double High)? SecondReferenceRange { get; init; }

    /// <summary>The error that values may have, in units in the last place, float and double.</summary>
    public double UlpBudget { get; init; } = 0.5;

    /// <summary>All output elements by plain loops over indices, in row-major order, for operators that are not elementwise.</summary>
    public Func<Tensor<double>[], double[]>? Loops { get; init; }

    /// <summary>The same function composed of elementary operations: values and gradients must agree to 10⁻¹² of the largest.</summary>
    public Func<Tensor<double>[], Tensor<double>>? Composition { get; init; }

    /// <summary>How far the arguments are from the nearest kink, jump or tie; null where there is none.</summary>
    public Func<Tensor<double>[], double>? KinkDistance { get; init; }

    /// <summary>Values and conventions at kinks, ties and edges.</summary>
    public IReadOnlyList<StatedPoint> Stated { get; init; } = [];

    /// <summary>The claim of convexity, jointly in the first <see cref="ConvexArguments"/> arguments.</summary>
    public Convexity Convexity { get; init; }

    /// <summary>How many arguments the claim of convexity is about; the others stay fixed. A loss may be convex in its prediction alone.</summary>
    public int ConvexArguments { get; init; } = int.MaxValue;

    /// <summary>For <see cref="Convexity.Neither"/>: the segments that show it.</summary>
    public Counterexample? Counterexample { get; init; }
}
