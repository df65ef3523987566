using FastGrad.Data;
using FastGrad.Workloads.Csv;
using FastGrad.Workloads.DataSets;

namespace FastGrad.Cli.Commands;

/// <summary>Which table a formula is fitted to, and which of its columns are the response and the weights.</summary>
/// <param name="Data">An embedded data set or a file.</param>
/// <param name="Response">The column to fit; empty for the one named y, or else the last.</param>
/// <param name="Weights">The column of weights, if there is one.</param>
internal sealed record FitTable(string Data, string Response, string? Weights)
{
    /// <summary>Reads the columns that a formula uses, the response and the weights. What other columns hold does not matter.</summary>
    /// <returns>The table, the names of all columns, and these names with the response found.</returns>
    /// <exception cref="UsageException">A name is no column, or the response is in the formula.</exception>
    public (DataSet<double> Table, IReadOnlyList<string> Columns, FitTable Names) Read(IReadOnlyList<string> variables, CancellationToken stop)
    {
        IReadOnlyList<string> columns;
        using (Stream head = Open())
            columns = CsvData.ColumnNames(head, Data);
        string response = Response.Length > 0 ? Response : columns.Contains("y") ? "y" : columns[^1];
        foreach ((string name, string role) in (ReadOnlySpan<(string, string)>)[(response, "target"), (Weights ?? response, "weights")])
        {
            if (!columns.Contains(name))
                throw new UsageException($"{Data}: there is no {role} column '{name}'; the columns are '{string.Join("', '", columns)}'.");
        }
        if (variables.Contains(response))
            throw new UsageException($"the formula uses '{response}', the column that is to be fitted; expected other columns, or --y.");
        if (Weights == response)
            throw new UsageException($"--weights is '{Weights}', the column that is to be fitted; expected another.");
        string[] wanted = [.. columns.Where(variables.Contains).Append(response).Concat(Weights is { } weights ? [weights] : []).Distinct()];
        using Stream rows = Open();
        return (CsvData.Read<double>(rows, Data, new() { TargetKind = TargetKind.None, FeatureNames = wanted, IgnoreOthers = true }, stop), columns, this with { Response = response });
    }

    private Stream Open() => BuiltInData.Contains(Data) ? BuiltInData.Open(Data) : File.OpenRead(Data);
}
