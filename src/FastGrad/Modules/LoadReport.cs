using FastGrad.Data;

namespace FastGrad.Modules;

/// <summary>What a load found, by name.</summary>
/// <param name="Loaded">Parameters and buffers that were taken.</param>
/// <param name="Converted">Those of <paramref name="Loaded"/> that had another number type in the file, each rounded once.</param>
/// <param name="Missing">Parameters and buffers that the file lacks.</param>
/// <param name="Unexpected">Tensors of the file that the module has no place for.</param>
/// <param name="Mismatched">What is there, but of another shape, or no number.</param>
public sealed record LoadReport(
    IReadOnlyList<string> Loaded, IReadOnlyList<string> Converted, IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected, IReadOnlyList<TensorMismatch> Mismatched)
{
    /// <summary>Whether file and module have the same names and shapes; number types may differ.</summary>
    public bool IsExact => Missing.Count + Unexpected.Count + Mismatched.Count == 0;

    /// <summary>What does not fit, in one line; empty where all fits.</summary>
    public override string ToString() => string.Join(
        "; ",
        (string[])
        [
            .. Mismatched.Take(5).Select(m => m.ToString()),
            .. Mismatched.Count > 5 ? new[] { $"{Mismatched.Count - 5} more do not fit" } : [],
            .. Missing.Count > 0 ? new[] { $"missing {MessageText.Quote(Missing)}" } : [],
            .. Unexpected.Count > 0 ? new[] { $"unexpected {MessageText.Quote(Unexpected)}" } : [],
        ]);
}

/// <summary>A tensor that does not fit its place.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Found">Type and shape in the file: <c>F32 [128, 10]</c>.</param>
/// <param name="Expected">Type and shape of the module.</param>
public sealed record TensorMismatch(string Name, string Found, string Expected)
{
    /// <summary>For example <c>tensor '0.weight' is F32 [32, 4]; expected F32 [7, 4]</c>.</summary>
    public override string ToString() => $"tensor {MessageText.Quote(Name)} is {Found}; expected {Expected}";
}
