using FastGrad.Analysis.Curvature;
using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Inference;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Serialization;
using FastGrad.Workloads;
using FastGrad.Workloads.Csv;
using FastGrad.Workloads.DataSets;

namespace FastGrad.Cli.Commands;

/// <summary>A saved standard model and the rows its loss is taken over, in double precision: what is analysed.</summary>
/// <param name="Module">The module, in evaluation mode.</param>
/// <param name="Description">What it reads and answers.</param>
/// <param name="Loss">The mean loss over all rows: cross entropy, or the squared error of standardized targets.</param>
/// <param name="Rows">The number of rows.</param>
internal sealed record SavedModel(Module<double> Module, ModelDescription Description, Func<Tensor<double>> Loss, int Rows)
{
    /// <summary>Reads a model and data with its targets.</summary>
    /// <exception cref="UsageException">A file is missing or does not fit.</exception>
    public static SavedModel Load(string path, string data, CancellationToken stop) => UsageException.Wrap(() =>
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new UsageException("MODEL is empty; expected a model's file, or a training's folder.");
        SafeTensorsFile file = TrainingFiles.OpenModel(path);
        ModelDescription description = ModelDescription.Load(file);
        Module<double> module = description.Architecture?.Build<double>()
            ?? throw new UsageException($"{file.Origin} holds none of the standard models ({string.Join(", ", Architecture.Names)}); expected one of them.");
        module.Load(file);
        module.Eval();
        DataSet<double> rows = Read(data, description, stop);
        if (file.Contains("features.mean"))
        {
            var features = Standardizer<double>.Load(file, "features");
            rows = rows.Standardize(features, file.Contains("targets.mean") ? Standardizer<double>.Load(file, "targets") : null);
        }
        Tensor<double> x = Tensor.From(rows.Features, [rows.Rows, rows.Columns]);
        if (description.Task == TargetKind.Classification)
        {
            CrossEntropy<double> entropy = new();
            Tensor<int> labels = Tensor.From(rows.Labels, [rows.Rows]);
            return new SavedModel(module, description, () => entropy.Forward(module.Invoke(x), labels), rows.Rows);
        }
        MeanSquaredError<double> squares = new();
        Tensor<double> targets = Tensor.From(rows.Targets, [rows.Rows, rows.Outputs]);
        return new SavedModel(module, description, () => squares.Forward(module.Invoke(x), targets), rows.Rows);
    });

    /// <summary>The loss as a function of all parameters.</summary>
    public Objective Objective() => Analysis.Curvature.Objective.Of(Module, Loss);

    private static DataSet<double> Read(string data, ModelDescription model, CancellationToken stop)
    {
        TableOptions options = new() { TargetKind = model.Task, FeatureNames = model.FeatureNames, TargetColumns = model.TargetNames, LabelNames = model.Task == TargetKind.Classification ? model.LabelNames : null };
        if (!BuiltInData.Contains(data))
            return CsvData.Read<double>(data, options, stop);
        using Stream stream = BuiltInData.Open(data);
        return CsvData.Read<double>(stream, data, options, stop);
    }
}
