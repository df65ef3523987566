namespace FastGrad.Benchmarks.Accuracy;

/// <summary>The measurements of a folder: one file a type, one line a measurement, in order of their keys.</summary>
internal sealed class ResultFile(string folder)
{
    public IReadOnlyList<Measurement> Read() =>
        [.. Directory.Exists(folder) ? Directory.GetFiles(folder, "*.jsonl").SelectMany(File.ReadLines).Select(Measurement.Parse) : []];

    /// <summary>Adds a line, or takes the place of the one with its key.</summary>
    public void Put(Measurement measurement)
    {
        Directory.CreateDirectory(folder);
        IEnumerable<Measurement> lines = Read()
            .Where(line => line.Type == measurement.Type && line.Key != measurement.Key)
            .Append(measurement)
            .OrderBy(line => line.Key);
        File.WriteAllLines(Path.Combine(folder, measurement.Type + ".jsonl"), lines.Select(line => line.ToJson()));
    }
}
