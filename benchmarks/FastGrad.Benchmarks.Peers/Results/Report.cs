using System.Text;
using System.Text.RegularExpressions;

namespace FastGrad.Benchmarks.Peers.Results;

/// <summary>Writes the tables of this machine beside its results, and into docs/performance.md where that asks for them.</summary>
/// <remarks>In the document a table stands between <c>&lt;!-- table NAME --&gt;</c> and <c>&lt;!-- end --&gt;</c>; only what is between is replaced.</remarks>
internal static class Report
{
    public static void Write(ResultStore store)
    {
        IReadOnlyList<Contests.ContestResult> results = store.Read();
        if (results.Count == 0)
            return;
        var tables = new MarkdownTables(results);
        var page = new StringBuilder("# Results\n\n").Append(tables.About())
            .Append("\nWritten by `FastGrad.Benchmarks.Peers` from the `.jsonl` files beside it. A ratio says how many times as fast FastGrad is; above 1 it is faster.\n\n## Bars\n\n")
            .Append(tables.Bars());
        foreach (string family in tables.Families)
            page.Append($"\n## {family}\n\n").Append(Table(tables, family));
        File.WriteAllText(Path.Combine(store.Folder, "README.md"), page.ToString());

        string document = Path.Combine(store.Folder, "..", "..", "..", "docs", "performance.md");
        if (File.Exists(document))
            File.WriteAllText(document, Regex.Replace(
                File.ReadAllText(document), "(<!-- table (\\w+) -->\n).*?(<!-- end -->)",
                match => match.Groups[1].Value + Table(tables, match.Groups[2].Value) + match.Groups[3].Value, RegexOptions.Singleline));
    }

    private static string Table(MarkdownTables tables, string name) => name switch
    {
        "about" => tables.About(),
        "bars" => tables.Bars(),
        "train" => tables.Training(),
        "process" => tables.Processes(),
        _ => tables.Of(name),
    };
}
