using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;
using FastGrad.Optimization.Options;

namespace FastGrad.Modules;

/// <summary>What a standard model is made of: enough to build it again when its parameters are loaded.</summary>
/// <remarks>
/// <c>linear</c>: one linear map. <c>mlp</c>: a linear map and an activation for each hidden layer, then a linear map; parameters
/// <c>0.weight</c>, <c>0.bias</c>, <c>2.weight</c>, …. <c>cnn</c>, for square images of one channel, a row of pixels each: for each hidden
/// width a 3 × 3 convolution with padding and that many channels, an activation, and the greatest of each 2 × 2; then a linear map. All give
/// logits or values, without an activation at the end.
/// </remarks>
public sealed record Architecture
{
    private static readonly string[] KnownNames = ["linear", "mlp", "cnn"];
    private static readonly string[] KnownActivations = ["relu", "leaky-relu", "elu", "tanh", "sigmoid", "silu", "gelu", "gelu-tanh", "softplus"];

    /// <summary>The names there are.</summary>
    public static IReadOnlyList<string> Names => KnownNames;

    /// <summary>The names of activations.</summary>
    public static IReadOnlyList<string> Activations => KnownActivations;

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The number of inputs.</summary>
    public required int Inputs { get; init; }

    /// <summary>The number of outputs.</summary>
    public required int Outputs { get; init; }

    /// <summary>The widths of the hidden layers, from input to output, of <c>cnn</c> in channels; none for <c>linear</c>.</summary>
    public ImmutableArray<int> Hidden { get; init; } = [];

    /// <summary>The activation after each hidden layer.</summary>
    public string Activation { get; init; } = "relu";

    /// <summary>Builds the model, without values.</summary>
    /// <exception cref="ArgumentException">A name is unknown, or a width is below 1.</exception>
    public Module<T> Build<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check();
        return Name == "cnn" ? BuildConvolutional<T>() : BuildDense<T>();
    }

    private Sequential<T> BuildConvolutional<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int side = Side, channels = 1;
        List<Module<T>> modules = [new Unflatten<T>([1, side, side])];
        foreach (int hidden in Hidden)
        {
            modules.Add(new Conv2d<T>(channels, hidden, 3, new() { Padding = 1 }));
            modules.Add(NewActivation<T>());
            modules.Add(new MaxPool2d<T>(2));
            (channels, side) = (hidden, side / 2);
        }
        modules.Add(new Flatten<T>());
        modules.Add(new Linear<T>(channels * side * side, Outputs));
        return new Sequential<T>([.. modules]);
    }

    private Sequential<T> BuildDense<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<Module<T>> modules = [];
        int width = Inputs;
        foreach (int hidden in Hidden)
        {
            modules.Add(new Linear<T>(width, hidden));
            modules.Add(NewActivation<T>());
            width = hidden;
        }
        modules.Add(new Linear<T>(width, Outputs));
        return new Sequential<T>([.. modules]);
    }

    // Rows and columns of the images.
    private int Side => (int)Math.Sqrt(Inputs);

    /// <summary>Checks names and widths.</summary>
    /// <exception cref="ArgumentException">A name is unknown, or a width is below 1.</exception>
    public void Check()
    {
        if (!KnownNames.Contains(Name))
            throw new ArgumentException($"There is no model '{Name}'. {Nearest.Suggest(Name, KnownNames)}", nameof(Name));
        if (!KnownActivations.Contains(Activation))
            throw new ArgumentException($"There is no activation '{Activation}'. {Nearest.Suggest(Activation, KnownActivations)}", nameof(Activation));
        if (Inputs < 1 || Outputs < 1 || Hidden.Any(h => h < 1))
            throw new ArgumentException($"{this} has a width below 1.", nameof(Hidden));
        if (Name == "linear" && Hidden.Length > 0)
            throw new ArgumentException($"{this}: a linear model has no hidden layers; expected 'mlp'.", nameof(Hidden));
        if (Name == "cnn" && (Side * Side != Inputs || Hidden.IsEmpty || Hidden.Length > 30 || Side >> Hidden.Length == 0))
            throw new ArgumentException($"{this}: a cnn reads square images whose side halves with each of its convolutions; got {Inputs} inputs and {Hidden.Length} convolutions.", nameof(Inputs));
    }

    /// <inheritdoc/>
    public bool Equals(Architecture? other) =>
        other is not null && (Name, Inputs, Outputs, Activation) == (other.Name, other.Inputs, other.Outputs, other.Activation) && Hidden.AsSpan().SequenceEqual(other.Hidden.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Inputs, Outputs, Activation, Hidden.Length);

    /// <summary>For example <c>mlp 64-128-10 relu</c>.</summary>
    public override string ToString() => $"{Name} {string.Join('-', (int[])[Inputs, .. Hidden, Outputs])}{(Hidden.IsEmpty ? "" : " " + Activation)}";

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("architecture");
        json.WriteString("name", Name);
        json.WriteNumber("inputs", Inputs);
        json.WriteNumber("outputs", Outputs);
        json.WriteStartArray("hidden");
        foreach (int hidden in Hidden)
            json.WriteNumberValue(hidden);
        json.WriteEndArray();
        json.WriteString("activation", Activation);
        json.WriteEndObject();
    }

    internal static Architecture Read(JsonElement json)
    {
        Architecture architecture = new()
        {
            Name = json.GetProperty("name").GetString()!,
            Inputs = json.GetProperty("inputs").GetInt32(),
            Outputs = json.GetProperty("outputs").GetInt32(),
            Hidden = [.. json.GetProperty("hidden").EnumerateArray().Select(h => h.GetInt32())],
            Activation = json.GetProperty("activation").GetString()!,
        };
        architecture.Check();
        return architecture;
    }

    private Module<T> NewActivation<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Activation switch
        {
            "relu" => new Relu<T>(),
            "leaky-relu" => new LeakyRelu<T>(),
            "elu" => new Elu<T>(),
            "tanh" => new Tanh<T>(),
            "sigmoid" => new Sigmoid<T>(),
            "silu" => new Silu<T>(),
            "gelu" => new Gelu<T>(),
            "gelu-tanh" => new GeluTanh<T>(),
            _ => new Softplus<T>(),
        };
}
