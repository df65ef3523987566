using FastGrad.Benchmarks.Peers.Contests;

namespace FastGrad.Benchmarks.Peers.Results;

/// <summary>Results as lines of JSON, a file a family and machine; a workload measured again on the same leg replaces its line.</summary>
/// <param name="folder">The folder of all machines' results.</param>
internal sealed class ResultStore(string folder)
{
    /// <summary>benchmarks/results of the repository that this program was built in, or of the current folder.</summary>
    public static string DefaultFolder { get; } = Path.Combine(Root() ?? ".", "benchmarks", "results");

    /// <summary>This machine's folder.</summary>
    public string Folder { get; } = Path.Combine(folder, Machine.Folder);

    /// <summary>The results of this machine, in the order of their ids.</summary>
    public IReadOnlyList<ContestResult> Read() =>
        Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(Read)] : [];

    /// <summary>Adds results.</summary>
    public void Keep(IReadOnlyList<ContestResult> results)
    {
        Directory.CreateDirectory(Folder);
        IReadOnlyList<string> order = Contest.Find([]);
        foreach (IGrouping<string, ContestResult> family in results.GroupBy(result => result.Workload.Split('.')[0]))
        {
            string path = Path.Combine(Folder, family.Key + ".jsonl");
            var lines = (File.Exists(path) ? Read(path) : []).ToDictionary(Key);
            foreach (ContestResult result in family)
                lines[Key(result)] = result;
            File.WriteAllLines(path, lines.Values
                .OrderByDescending(result => result.Isa).ThenBy(result => result.Threads).ThenBy(result => Place(order, result.Workload))
                .Select(result => result.ToJson()));
        }
    }

    private static int Place(IReadOnlyList<string> order, string id)
    {
        for (int i = 0; i < order.Count; i++)
            if (order[i] == id)
                return i;
        return int.MaxValue;
    }

    private static IEnumerable<ContestResult> Read(string path) => File.ReadLines(path).Select(ContestResult.FromJson);

    private static (string, int, string) Key(ContestResult result) => (result.Workload, result.Threads, result.Isa);

    private static string? Root()
    {
        string? at = AppContext.BaseDirectory;
        while (at is not null && !File.Exists(Path.Combine(at, "FastGrad.sln")))
            at = Path.GetDirectoryName(at);
        return at;
    }
}
