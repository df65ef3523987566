using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace FastGrad.Kernels.Tests.Simd;

/// <summary>The three vector wrappers are one text: they may differ in their width and in AVX-512's instructions that scale and split alone.</summary>
public sealed partial class WrapperFilesTests
{
    [Fact]
    public void TheThreeFilesDifferInWidthAlone()
    {
        string reference = Text(128);
        Assert.Equal(reference, Text(256));
        Assert.Equal(reference, Scaling().Replace(Text(512), ""));
    }

    private static string Text(int bits, [CallerFilePath] string here = "")
    {
        string root = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..");
        string text = File.ReadAllText(Path.Combine(root, "src", "FastGrad.Kernels", "Simd", $"Simd{bits}.cs"));
        text = text.Replace($"{bits} bits: {bits / 32} floats or {bits / 64} doubles", "bits");
        return text.Replace($"Simd{bits}", "Simd").Replace($"Vector{bits}", "Vector");
    }

    [GeneratedRegex(@"        if \(Avx512F\.IsSupported\)\n(            .*\n)+\n|    /// <inheritdoc/>\n    public static bool SplitsAll\n    {\n(        .*\n)+    }\n\n")]
    private static partial Regex Scaling();
}
