using System.Numerics;
using FastGrad.Data;
using FastGrad.Workloads.Csv;

namespace FastGrad.Workloads.DataSets;

/// <summary>The data sets embedded in this assembly; their sources stand in the README beside the files.</summary>
public static class BuiltInData
{
    private static readonly (string Name, string File, TargetKind Kind)[] Table =
    [
        ("digits", "digits.csv", TargetKind.Classification),
        ("iris", "iris.csv", TargetKind.Classification),
        ("wine", "wine.csv", TargetKind.Classification),
        ("breast-cancer", "breast_cancer.csv", TargetKind.Classification),
        ("diabetes", "diabetes.csv", TargetKind.Regression),
    ];

    /// <summary>The names as the tool spells them.</summary>
    public static IReadOnlyList<string> Names { get; } = Array.AsReadOnly([.. Table.Select(row => row.Name)]);

    /// <summary>Whether there is a data set of this name.</summary>
    public static bool Contains(string name) => Names.Contains(name, StringComparer.Ordinal);

    /// <summary>What the data set's target is.</summary>
    /// <exception cref="ArgumentException">There is no such data set; the message lists those there are.</exception>
    public static TargetKind Kind(string name) => Find(name).Kind;

    /// <summary>The data set's CSV text, UTF-8.</summary>
    /// <exception cref="ArgumentException">There is no such data set; the message lists those there are.</exception>
    public static Stream Open(string name)
    {
        var file = Find(name).File;
        return typeof(BuiltInData).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"{file} is not embedded in the assembly.");
    }

    /// <summary>The data set, read like any CSV file.</summary>
    /// <exception cref="ArgumentException">There is no such data set; the message lists those there are.</exception>
    public static DataSet<T> Load<T>(string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var stream = Open(name);
        return CsvData.Read<T>(stream, name, new TableOptions { TargetKind = Kind(name) });
    }

    private static (string Name, string File, TargetKind Kind) Find(string name)
    {
        foreach (var row in Table)
            if (row.Name == name)
                return row;
        throw new ArgumentException($"There is no data set '{name}'; there are {string.Join(", ", Names)}.", nameof(name));
    }
}
