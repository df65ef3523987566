using System.CommandLine;
using System.Globalization;
using System.Numerics;
using FastGrad.Cli.Output;
using FastGrad.Data;
using FastGrad.Inference;
using FastGrad.Serialization;
using FastGrad.Workloads;
using FastGrad.Workloads.Csv;
using FastGrad.Workloads.DataSets;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad predict</c>: a saved model's predictions, a line a row, as CSV or JSON.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "A model.safetensors, or the folder with it." };
        var data = new Argument<string>("DATA") { Description = "An embedded data set, or a CSV with the model's features by name, in any order; its targets may be there and are not read." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("predict", "Write a saved model's predictions.") { model, data, json };
        command.SetAction((parse, stop) => Task.FromResult(Run(parse.GetValue(model)!, parse.GetValue(data)!, parse.GetValue(json), stop)));
        return command;
    }

    private static int Run(string path, string data, bool json, CancellationToken stop)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new UsageException("MODEL is empty; expected a model's file, or a training's folder.");
        (SafeTensorsFile file, ModelDescription description) = UsageException.Wrap(() =>
        {
            SafeTensorsFile opened = TrainingFiles.OpenModel(path);
            return (opened, ModelDescription.Load(opened));
        });
        return description.Precision == "float32" ? Run<float>(file, data, json, stop) : Run<double>(file, data, json, stop);
    }

    private static int Run<T>(SafeTensorsFile file, string data, bool json, CancellationToken stop)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (TrainedModel<T> model, DataSet<T> rows) = UsageException.Wrap(() =>
        {
            TrainedModel<T> loaded = TrainedModel<T>.Load(file);
            return (loaded, Read<T>(loaded.Description, data, stop));
        });
        T[] outputs = model.Predict(rows.Features);
        ModelDescription description = model.Description;
        bool classes = description.Task == TargetKind.Classification;
        using var text = new StreamWriter(Console.OpenStandardOutput()) { NewLine = "\n" };
        if (!json)
            text.WriteLine(string.Join(',', (classes ? [description.TargetNames[0], "probability"] : description.TargetNames).Select(Csv)));
        for (int row = 0; row < rows.Rows; row++)
        {
            stop.ThrowIfCancellationRequested();
            ReadOnlySpan<T> output = outputs.AsSpan(row * model.Outputs, model.Outputs);
            text.WriteLine(json ? JsonRow(description, row, output) : CsvRow(description, output));
        }
        return Tool.Success;
    }

    private static DataSet<T> Read<T>(ModelDescription model, string data, CancellationToken stop)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (BuiltInData.Contains(data))
        {
            using Stream stream = BuiltInData.Open(data);
            return CsvData.ReadFeatures<T>(stream, data, model.FeatureNames, model.TargetNames, stop);
        }
        return CsvData.ReadFeatures<T>(data, model.FeatureNames, model.TargetNames, stop);
    }

    private static string CsvRow<T>(ModelDescription model, ReadOnlySpan<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (model.Task == TargetKind.Classification)
        {
            int label = Greatest(output);
            return $"{Csv(model.LabelNames[label])},{Number(output[label])}";
        }
        var numbers = new string[output.Length];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = Number(output[i]);
        return string.Join(',', numbers);
    }

    private static string JsonRow<T>(ModelDescription model, int row, ReadOnlySpan<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] values = new double[output.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = double.CreateTruncating(output[i]);
        int label = Greatest(output);
        return JsonLine.Text(json =>
        {
            json.WriteNumber("row", row + 1);
            bool classes = model.Task == TargetKind.Classification;
            if (classes)
                json.WriteString("label", model.LabelNames[label]);
            json.WriteStartObject(classes ? "probabilities" : "values");
            for (int i = 0; i < values.Length; i++)
                json.WriteFinite(classes ? model.LabelNames[i] : model.TargetNames[i], values[i]);
            json.WriteEndObject();
        });
    }

    private static int Greatest<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int greatest = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[greatest])
                greatest = i;
        return greatest;
    }

    private static string Number<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Csv(string text) =>
        text.AsSpan().ContainsAny(",\"\n\r") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
