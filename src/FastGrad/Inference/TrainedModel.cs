using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Modules;
using FastGrad.Serialization;
using FastGrad.Training;

namespace FastGrad.Inference;

/// <summary>A model ready to predict: a frozen module with its feature and target scaling and its names. Safe for concurrent callers.</summary>
/// <remarks>
/// It takes and answers values in their original units. Nothing in it changes after construction, so one instance serves any number of
/// threads; each call computes in memory of its own thread. The module belongs to the model: it is frozen and in evaluation mode, and
/// must not be trained on.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TrainedModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string FeaturePrefix = "features", TargetPrefix = "targets";

    private readonly Module<T> _module;
    private readonly Standardizer<T>? _features;
    private readonly Standardizer<T>? _targets;

    /// <summary>A model from its parts.</summary>
    /// <param name="module">The module, with values: [rows, features] to [rows, outputs]. It is frozen.</param>
    /// <param name="description">What it reads and answers.</param>
    /// <param name="features">What scales features before the module sees them; null for nothing.</param>
    /// <param name="targets">What scaled the regression targets that it was trained on; null for nothing.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other.</exception>
    public TrainedModel(Module<T> module, ModelDescription description, Standardizer<T>? features = null, Standardizer<T>? targets = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(description);
        if (description.Precision != ModelDescription.PrecisionOf<T>())
            throw new ArgumentException($"The description says {description.Precision}; expected {ModelDescription.PrecisionOf<T>()}.", nameof(description));
        if (features is not null && features.Columns != description.FeatureNames.Count)
            throw new ArgumentException($"The features' standardizer has {features.Columns} columns; expected {description.FeatureNames.Count}.", nameof(features));
        if (targets is not null && (description.Task != TargetKind.Regression || targets.Columns != description.Outputs))
            throw new ArgumentException($"The targets' standardizer has {targets.Columns} columns; expected a regression with as many targets.", nameof(targets));
        (_module, Description, _features, _targets) = (module, description, features, targets);
        module.Eval();
        module.Freeze();
        CheckModule();
    }

    /// <summary>What it reads and answers.</summary>
    public ModelDescription Description { get; }

    /// <summary>The number of features of a row.</summary>
    public int Features => Description.FeatureNames.Count;

    /// <summary>The number of outputs of a row: classes, or targets.</summary>
    public int Outputs => Description.Outputs;

    /// <summary>The number of trained values.</summary>
    public long ParameterCount => _module.ParameterCount;

    /// <summary>The outputs of any number of rows: a probability for each class, or each target in its own units.</summary>
    /// <param name="features">[rows × features], row-major, in original units.</param>
    /// <param name="outputs">Gets [rows × outputs].</param>
    /// <exception cref="ArgumentException">The features are no whole number of rows, or <paramref name="outputs"/> is too short.</exception>
    public void Predict(ReadOnlySpan<T> features, Span<T> outputs)
    {
        int rows = Rows(features);
        if (outputs.Length < (long)rows * Outputs)
            throw new ArgumentException($"outputs holds {outputs.Length} values; {rows} rows of {Outputs} need {(long)rows * Outputs}.", nameof(outputs));
        if (rows == 0)
            return;
        using NoGrad off = new();
        using TensorScope scope = new();
        Tensor<T> x = Tensor.From(features, [rows, Features]);
        _features?.Apply(x.AsSpan());
        Tensor<T> y = _module.Invoke(x);
        if (Description.Task == TargetKind.Classification)
            y = y.Softmax();
        y.CopyTo(outputs);
        _targets?.Inverse(outputs[..(rows * Outputs)]);
    }

    /// <summary>The outputs of any number of rows: a probability for each class, or each target in its own units.</summary>
    /// <param name="features">[rows × features], row-major, in original units.</param>
    /// <returns>[rows × outputs].</returns>
    /// <exception cref="ArgumentException">The features are no whole number of rows.</exception>
    public T[] Predict(ReadOnlySpan<T> features)
    {
        long count = (long)Rows(features) * Outputs;
        if (count > Array.MaxLength)
            throw new ArgumentException($"features holds {features.Length / Features} rows, whose {count} outputs do not fit into an array; expected fewer rows at once.", nameof(features));
        T[] outputs = new T[count];
        Predict(features, outputs);
        return outputs;
    }

    /// <summary>The most probable class of one row; of equals the first.</summary>
    /// <exception cref="ArgumentException">The features are not one row.</exception>
    /// <exception cref="InvalidOperationException">This is a regression.</exception>
    public int Classify(ReadOnlySpan<T> features)
    {
        Span<int> label = stackalloc int[1];
        if (features.Length != Features)
            throw new ArgumentException($"features holds {features.Length} values; expected one row of {Features}.", nameof(features));
        Classify(features, label);
        return label[0];
    }

    /// <summary>The most probable class of each row; of equals the first.</summary>
    /// <exception cref="ArgumentException">The features are no whole number of rows, or <paramref name="labels"/> is too short.</exception>
    /// <exception cref="InvalidOperationException">This is a regression.</exception>
    public void Classify(ReadOnlySpan<T> features, Span<int> labels)
    {
        if (Description.Task != TargetKind.Classification)
            throw new InvalidOperationException("The model predicts numbers; expected Predict instead of Classify.");
        int rows = Rows(features);
        if (labels.Length < rows)
            throw new ArgumentException($"labels holds {labels.Length} values; expected {rows}.", nameof(labels));
        ReadOnlySpan<T> outputs = Predict(features);
        for (int row = 0; row < rows; row++)
            labels[row] = Hits.Greatest(outputs.Slice(row * Outputs, Outputs));
    }

    /// <summary>The name of the most probable class of one row.</summary>
    /// <exception cref="ArgumentException">The features are not one row.</exception>
    /// <exception cref="InvalidOperationException">This is a regression.</exception>
    public string LabelOf(ReadOnlySpan<T> features) => Description.LabelNames[Classify(features)];

    /// <summary>How well the model predicts the rows of a data set, in original units.</summary>
    /// <exception cref="ArgumentException">The data set's features, classes or targets are not the model's.</exception>
    public Evaluation Evaluate(DataSet<T> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Kind != Description.Task || !data.FeatureNames.SequenceEqual(Description.FeatureNames) || !data.LabelNames.SequenceEqual(Description.LabelNames) || data.Outputs != (data.Kind == TargetKind.Regression ? Outputs : 0))
            throw new ArgumentException($"The data set is a {data.Kind} of {data.Columns} features; expected a {Description.Task} with the model's features and classes.", nameof(data));
        T[] outputs = Predict(data.Features);
        return data.Kind == TargetKind.Classification
            ? Evaluation.OfClasses<T>(outputs, data.Labels, Outputs)
            : Evaluation.OfNumbers<T>(outputs, data.Targets, Outputs);
    }

    /// <summary>Writes the model as one safetensors file, all or nothing: parameters, scaling, description.</summary>
    /// <returns>SHA-256 of the file's bytes: a function of the model alone.</returns>
    /// <exception cref="ArithmeticException">A parameter or buffer is not finite: the file could not be loaded. Nothing is written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public string Save(string path)
    {
        SafeTensorsWriter writer = new();
        Save(writer);
        return writer.Save(path);
    }

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="module">The module to fill, where the file describes none of the standard ones.</param>
    /// <exception cref="InvalidDataException">The file is no such model; the message names the file and the entry.</exception>
    /// <exception cref="ArgumentException">A module is needed and not given.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrainedModel<T> Load(string path, Module<T>? module = null) => Load(SafeTensors.Load(path), module);

    /// <summary>Reads a model from an opened file.</summary>
    /// <inheritdoc cref="Load(string, Module{T}?)"/>
    public static TrainedModel<T> Load(SafeTensorsFile file, Module<T>? module = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ModelDescription description = ModelDescription.Read(file);
        if (description.Precision != ModelDescription.PrecisionOf<T>())
            throw new InvalidDataException($"{file.Origin}: the model's precision is {description.Precision}; expected {ModelDescription.PrecisionOf<T>()}, as TrainedModel<{typeof(T).Name}> asks for.");
        module ??= description.Architecture?.Build<T>()
            ?? throw new ArgumentException($"{file.Origin} holds none of the standard models; expected the module to fill.", nameof(module));
        module.Prepare(file)(); // a model of this library has the types it says
        try
        {
            return new TrainedModel<T>(
                module,
                description,
                file.Contains(FeaturePrefix + ".mean") ? Standardizer<T>.Load(file, FeaturePrefix) : null,
                file.Contains(TargetPrefix + ".mean") ? Standardizer<T>.Load(file, TargetPrefix) : null);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{file.Origin}: {error.Message}", error);
        }
    }

    internal void Save(SafeTensorsWriter writer)
    {
        foreach ((string name, Tensor<T> tensor) in _module.NamedParameters().Select(p => (p.Name, p.Tensor)).Concat(_module.NamedBuffers()))
        {
            foreach (T value in tensor.AsReadOnlySpan())
            {
                if (!T.IsFinite(value))
                    throw new ArithmeticException($"'{name}' of the model holds {value}: its training has diverged. Expected finite numbers; a smaller learning rate may help.");
            }
        }
        _module.Save(writer);
        _features?.Save(writer, FeaturePrefix);
        _targets?.Save(writer, TargetPrefix);
        Description.Write(writer);
    }

    // One row of zeros tells whether module and description agree, before a caller's rows do.
    private void CheckModule()
    {
        using NoGrad off = new();
        using TensorScope scope = new();
        Shape answer = _module.Invoke(Tensor.Zeros<T>([1, Features])).Shape;
        if (answer != [1, Outputs])
            throw new ArgumentException($"The module answers a row of {Features} features with shape {answer}; expected [1, {Outputs}].", "module");
    }

    private int Rows(ReadOnlySpan<T> features) => features.Length % Features == 0
        ? features.Length / Features
        : throw new ArgumentException($"features holds {features.Length} values; expected rows of {Features}.", nameof(features));
}
