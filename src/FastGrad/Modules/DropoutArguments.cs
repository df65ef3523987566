namespace FastGrad.Modules;

/// <summary>The check of a dropout probability.</summary>
internal static class DropoutArguments
{
    /// <exception cref="ArgumentOutOfRangeException">It is not in [0, 1).</exception>
    public static void Check(double probability, string name = "dropout")
    {
        if (!(probability >= 0 && probability < 1))
            throw new ArgumentOutOfRangeException(name, probability, "A dropout probability is at least 0 and below 1.");
    }
}
