using System.Text.Json;
using System.Text.Json.Serialization;

namespace FastGrad.Benchmarks.Peers.Contests;

/// <summary>A workload measured in one run; the first contender is FastGrad, where it has the work.</summary>
/// <param name="Workload">The id.</param>
/// <param name="Threads">The threads at most.</param>
/// <param name="Isa">The instruction set that FastGrad uses.</param>
/// <param name="Amount">What a step does, in bytes or operations; 0 where FastGrad does not say.</param>
/// <param name="Unit">What a rate counts.</param>
internal sealed record ContestResult(string Workload, int Threads, string Isa, double Amount, string Unit)
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new ShortNumbers() },
    };

    /// <summary>The machine and the runtime.</summary>
    public string Machine { get; init; } = "";

    /// <summary>When it was measured, in UTC.</summary>
    public string Date { get; init; } = "";

    /// <summary>Cores that other processes kept busy meanwhile, on average.</summary>
    public double OthersCores { get; init; }

    /// <summary>Whether other processes took enough to change the outcome.</summary>
    [JsonIgnore]
    public bool IsDisturbed => OthersCores > 0.05;

    /// <summary>What was measured.</summary>
    public IReadOnlyList<Timing> Contenders { get; init; } = [];

    /// <summary>The contender of this name, if it took part.</summary>
    public Timing? Find(string name) => Contenders.FirstOrDefault(contender => contender.Name == name);

    /// <summary>How many times faster FastGrad is: the peer's median by FastGrad's.</summary>
    public double? Ratio(string peer, string own = Contest.Own) => Find(own) is { } mine && Find(peer) is { } theirs ? theirs.MedianUs / mine.MedianUs : null;

    /// <summary>GFLOP/s or GB/s of a contender at its median.</summary>
    public double Rate(Timing contender) => Amount / contender.MedianUs * 1e-3;

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_options);

    /// <summary>Reads one line of JSON.</summary>
    public static ContestResult FromJson(string line) => JsonSerializer.Deserialize<ContestResult>(line, s_options)!;

    // Seven digits are more than any measurement has.
    private sealed class ShortNumbers : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
            writer.WriteRawValue(double.IsFinite(value) ? value.ToString("G7", System.Globalization.CultureInfo.InvariantCulture) : "null");
    }
}
