using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FastGrad.Benchmarks.Accuracy;

/// <summary>What was measured of one function: one line of a results file.</summary>
internal sealed record Measurement
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public required string Function { get; init; }

    /// <summary><c>float</c> or <c>double</c>.</summary>
    public required string Type { get; init; }

    /// <summary><c>value</c> or <c>derivative</c>.</summary>
    public required string Quantity { get; init; }

    /// <summary><c>FastGrad</c>, <c>TensorPrimitives</c> or <c>platform</c>.</summary>
    public required string Who { get; init; }

    public required long Inputs { get; init; }

    public required double MaxUlp { get; init; }

    public required double WorstInput { get; init; }

    public required double MeanUlp { get; init; }

    public double Seconds { get; init; }

    public (string, string, string, string) Key => (Type, Quantity, Function, Who);

    public string ToJson() => JsonSerializer.Serialize(this, s_options);

    public static Measurement Parse(string line) => JsonSerializer.Deserialize<Measurement>(line, s_options)!;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Function,-16} {Type,-6} {Quantity,-10} {Who,-16} {Inputs,10} inputs  max {MaxUlp,9:F3} ulp at {WorstInput,-24:R} mean {MeanUlp,7:F4}  {Seconds:F1} s");
}
