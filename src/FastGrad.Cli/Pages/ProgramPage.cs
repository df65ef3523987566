using System.Text;

namespace FastGrad.Cli.Pages;

/// <summary>A page of text with a program beside it: parts of the program and of what it prints stand in the page, between marks.</summary>
/// <remarks>
/// <c>&lt;!-- program: NAME --&gt;</c> begins the lines of <c>#region NAME</c>, <c>&lt;!-- output: N --&gt;</c> the part of the output that begins with
/// <c>N. </c>; either ends with <c>&lt;!-- end --&gt;</c>.
/// </remarks>
internal static class ProgramPage
{
    private const string ProgramMark = "<!-- program: ", OutputMark = "<!-- output: ", Close = " -->", End = "<!-- end -->";

    /// <summary>The page with all that stands between its marks made anew.</summary>
    /// <param name="page">The page.</param>
    /// <param name="program">The program's source.</param>
    /// <param name="output">What the program prints.</param>
    /// <exception cref="FormatException">A mark is not closed, or asks for what is not there; or a part of the output has no mark, so that the page would not show it.</exception>
    public static string Fill(string page, string program, string output)
    {
        Dictionary<string, string> regions = Regions(program), parts = Parts(output);
        var filled = new StringBuilder();
        HashSet<string> shown = [];
        string? open = null;
        foreach (string line in page.TrimEnd('\n').Split('\n'))
        {
            if (open is null || line == End)
                filled.Append(line).Append('\n');
            if (line == End)
            {
                open = open is null ? throw new FormatException($"'{End}' ends nothing.") : null;
                continue;
            }
            if (Named(line, ProgramMark) is null && Named(line, OutputMark) is null)
                continue;
            if (open is not null)
                throw new FormatException($"'{open}' is not ended before '{line}'.");
            open = line;
            if (Named(line, ProgramMark) is { } region)
                filled.Append("```csharp\n").Append(Find(regions, region, "region")).Append("```\n");
            else if (Named(line, OutputMark) is { } part && shown.Add(part))
                filled.Append("```text\n").Append(Find(parts, part, "part of the output")).Append("```\n");
            else
                throw new FormatException($"'{line}' is there twice.");
        }
        if (open is not null)
            throw new FormatException($"'{open}' is not ended.");
        return parts.Keys.Except(shown).FirstOrDefault() is { } hidden
            ? throw new FormatException($"Part {hidden} of the output is nowhere in the page; expected a line '{OutputMark}{hidden}{Close}'.")
            : filled.ToString();
    }

    private static string? Named(string line, string mark) =>
        line.StartsWith(mark, StringComparison.Ordinal) && line.EndsWith(Close, StringComparison.Ordinal) ? line[mark.Length..^Close.Length] : null;

    private static string Find(Dictionary<string, string> all, string name, string what) =>
        all.TryGetValue(name, out string? found) ? found : throw new FormatException($"There is no {what} '{name}'; there are {string.Join(", ", all.Keys)}.");

    // Regions by name, without the blanks that all their lines begin with.
    private static Dictionary<string, string> Regions(string program)
    {
        Dictionary<string, string> regions = [];
        List<string>? lines = null;
        string name = "";
        foreach (string line in program.Split('\n'))
        {
            string bare = line.Trim();
            if (bare.StartsWith("#region ", StringComparison.Ordinal))
                (name, lines) = (bare["#region ".Length..], []);
            else if (bare == "#endregion" && lines is not null)
            {
                int indent = lines.Where(l => l.Length > 0).Select(l => l.Length - l.TrimStart().Length).DefaultIfEmpty(0).Min();
                regions.Add(name, string.Concat(lines.Select(l => l[Math.Min(indent, l.Length)..] + '\n')));
                lines = null;
            }
            else
                lines?.Add(line);
        }
        return regions;
    }

    // "1. …", "2. …": each with what follows it, without blank lines at its end.
    private static Dictionary<string, string> Parts(string output)
    {
        Dictionary<string, string> parts = [];
        string name = "";
        foreach (string line in output.Split('\n'))
        {
            int dot = line.IndexOf(". ", StringComparison.Ordinal);
            if (dot > 0 && line.AsSpan(0, dot).IndexOfAnyExceptInRange('0', '9') < 0)
                parts.Add(name = line[..dot], "");
            else if (name.Length == 0)
                throw new FormatException($"The output begins with '{line}'; expected '1. ' and a title.");
            parts[name] += line + '\n';
        }
        return parts.ToDictionary(part => part.Key, part => part.Value.TrimEnd('\n') + '\n');
    }
}
