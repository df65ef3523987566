using Xunit;

namespace FastGrad.Cli.Tests;

/// <summary>Tests that build: one after another, since two builds of one project write the same files.</summary>
[CollectionDefinition(Name)]
public sealed class Builds
{
    public const string Name = "builds";

    /// <summary>No build server outlives its test, holding on to its output.</summary>
    public static (string Name, string Value)[] Environment { get; } = [("MSBUILDDISABLENODEREUSE", "1"), ("UseSharedCompilation", "false")];
}
