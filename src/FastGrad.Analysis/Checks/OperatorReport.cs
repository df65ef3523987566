using System.Text.Json;

namespace FastGrad.Analysis.Checks;

/// <summary>Everything that was checked of one operator.</summary>
public sealed record OperatorReport
{
    /// <summary>The operator.</summary>
    public required string Operator { get; init; }

    /// <summary>The derivatives, in double, over all cases.</summary>
    public required DerivativeReport Derivatives { get; init; }

    /// <summary>The worst error of values in double, in units in the last place; null where there is no reference.</summary>
    public double? ValueUlp { get; init; }

    /// <summary>The worst error of values in float, in units in the last place; null where there is no reference.</summary>
    public double? ValueUlpSingle { get; init; }

    /// <summary>The worst error of derivatives in double, in units of 2⁻⁵² of max(|f′|, 0.1); passes up to 16; null where there is no reference.</summary>
    public double? DerivativeUlp { get; init; }

    /// <summary>Values against loops over indices, relative to the largest; null where there are none.</summary>
    public double? LoopError { get; init; }

    /// <summary>Values and gradients against a composition of elementary operations, relative to the largest; passes up to 10⁻¹²; null where there is none.</summary>
    public double? CompositionError { get; init; }

    /// <summary>Gradients in float against those in double, relative to the largest; passes up to 2·10⁻⁵.</summary>
    public double SingleGradientError { get; init; }

    /// <summary>How far the claim of convexity was violated, in units of its slack; passes up to 1; null where nothing is claimed.</summary>
    public double? ConvexityViolation { get; init; }

    /// <summary>The number of points at which values and conventions were asserted exactly.</summary>
    public int StatedPoints { get; init; }

    /// <summary>What failed, in words.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    /// <summary>Whether nothing failed.</summary>
    public bool Passed => Failures.Count == 0;

    /// <summary>Writes the report as one JSON object: <c>operator</c>, <c>passed</c>, the worst errors, and <c>failures</c> where there are any.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("operator", Operator);
        writer.WriteBoolean("passed", Passed);
        Number("gradient_error", Derivatives.GradientError);
        Number("fused_error", Derivatives.FusedError);
        Number("jvp_error", Derivatives.JvpError);
        Number("inner_product_error", Derivatives.InnerProductError);
        Number("second_order_error", Derivatives.SecondOrderError);
        Number("float_gradient_error", SingleGradientError);
        Number("value_ulp", ValueUlp);
        Number("value_ulp_float", ValueUlpSingle);
        Number("derivative_ulp", DerivativeUlp);
        Number("loop_error", LoopError);
        Number("composition_error", CompositionError);
        Number("convexity_violation", ConvexityViolation);
        writer.WriteNumber("stated_points", StatedPoints);
        if (!Passed)
        {
            writer.WriteStartArray("failures");
            foreach (string failure in Failures)
                writer.WriteStringValue(failure);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();

        // JSON has no NaN: an error that is none is written as null, and is among the failures.
        void Number(string name, double? value)
        {
            if (value is { } number && double.IsFinite(number))
                writer.WriteNumber(name, number);
            else
                writer.WriteNull(name);
        }
    }
}
