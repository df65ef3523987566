using System.CommandLine;
using System.Numerics;
using FastGrad.Data;
using FastGrad.Optimization.Options;
using FastGrad.Workloads.Csv;
using FastGrad.Workloads.DataSets;

namespace FastGrad.Cli.Commands;

/// <summary>The argument DATA: an embedded data set, or the path of a CSV.</summary>
internal static class DataArgument
{
    public static Argument<string> Create()
    {
        var data = new Argument<string>("DATA")
        {
            Description = $"{string.Join(", ", BuiltInData.Names)}, or the path of a CSV with column names, the target in the last column.",
            DefaultValueFactory = _ => "digits",
        };
        data.Validators.Add(result =>
        {
            // What is no option is taken for the data; nobody's table begins with a dash.
            if (result.Tokens is [{ Value: ['-', ..] option }])
                result.AddError($"There is no option '{option}'.");
        });
        return data;
    }

    /// <summary>Reads the data.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static DataSet<T> Read<T>(string data, CancellationToken stop)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => UsageException.Wrap(() =>
    {
        if (BuiltInData.Contains(data))
            return BuiltInData.Load<T>(data);
        if (File.Exists(data))
            return CsvData.Read<T>(data, cancellation: stop);
        if (Directory.Exists(data))
            throw new UsageException($"'{data}' is a folder; expected the path of a CSV, or one of {string.Join(", ", BuiltInData.Names)}.");
        throw new UsageException(data.Contains('.', StringComparison.Ordinal) || data.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? $"there is no file '{data}'."
            : $"there is no data set '{data}', nor a file of that name. {Nearest.Suggest(data, BuiltInData.Names)}");
    });
}
