namespace FastGrad.Testing;

/// <summary>The policy for random tests: one fixed seed, so that a run says the same everywhere; a failure prints it with the case.</summary>
/// <remarks>
/// <c>[Property(Replay = Seeds.Fixed)]</c>. To search further, leave <c>Replay</c> out for a while; a case that fails becomes a stored example,
/// a test of its own.
/// </remarks>
public static class Seeds
{
    /// <summary>The seed, as FsCheck's <c>Replay</c> takes it.</summary>
    public const string Fixed = "20261123,7";
}
