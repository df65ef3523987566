using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace FastGrad.Architecture.Tests;

/// <summary>Elementary functions are FastGrad's own: the platform's differ between C libraries and processors.</summary>
public partial class BannedMathematicsTests
{
    // Exact on every platform by IEEE 754, or integer arithmetic.
    private static readonly string[] s_exact =
    [
        "Abs", "AbsAsync", "BigMul", "BitDecrement", "BitIncrement", "Ceiling", "Clamp", "CopySign", "DivRem", "Floor", "FusedMultiplyAdd", "IEEERemainder",
        "ILogB", "Max", "MaxMagnitude", "Min", "MinMagnitude", "Round", "ScaleB", "Sign", "Sqrt", "Truncate",
    ];

    // An estimate is allowed to differ between processors.
    private static readonly string[] s_estimates = ["ReciprocalEstimate", "ReciprocalSqrtEstimate"];

    [GeneratedRegex(@"\b(?:MathF?|float|double|Single|Double|TFloat|T)\.(?<member>[A-Z]\w+)\(")]
    private static partial Regex Calls();

    /// <summary>The analyzer's list has every member of Math and MathF that is not exact; a new runtime's members too.</summary>
    [Theory]
    [InlineData(typeof(Math))]
    [InlineData(typeof(MathF))]
    public void The_list_is_complete(Type type)
    {
        string list = File.ReadAllText(Path.Combine(Repository.Root, "src", "BannedSymbols.txt"));
        string[] missing = [.. type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Select(method => method.Name).Distinct().Except(s_exact).Except(s_estimates)
            .Where(name => !list.Contains($"M:{type.FullName}.{name}(", StringComparison.Ordinal))];
        Assert.True(missing.Length == 0, $"{type.Name}: {string.Join(", ", missing)}");
    }

    /// <summary>A second net under the analyzer: the sources spell no call of such a member, whatever the project's settings are.</summary>
    [Fact]
    public void Sources_call_none()
    {
        string[] banned = [.. typeof(Math).GetMethods().Concat(typeof(MathF).GetMethods()).Select(method => method.Name).Distinct()
            .Except(s_exact).Except(typeof(object).GetMethods().Select(method => method.Name)),
            "Exp2", "Exp10", "ExpM1", "LogP1", "Hypot", "RootN", "SinPi", "CosPi", "TanPi", "SinCosPi"];
        List<string> found = [];
        foreach (ProjectFile project in Repository.Projects("src", "plugins").Values.Where(project => project.IsLibrary))
            foreach (string path in Repository.Sources(project.Folder))
                foreach (string line in File.ReadLines(path).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)))
                    foreach (Match call in Calls().Matches(line))
                        if (banned.Contains(call.Groups["member"].Value) && !line[..call.Index].Contains("//", StringComparison.Ordinal))
                            found.Add($"{Path.GetRelativePath(Repository.Root, path)}: {line.Trim()}");
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    /// <summary>System.Random differs between runtimes' versions; streams are Philox.</summary>
    [Fact]
    public void Random_is_banned() =>
        Assert.Contains("T:System.Random;", File.ReadAllText(Path.Combine(Repository.Root, "src", "BannedSymbols.txt")));
}
