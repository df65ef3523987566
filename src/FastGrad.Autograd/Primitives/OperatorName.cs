namespace FastGrad.Autograd.Primitives;

/// <summary>Names of primitives, from the names of their operators.</summary>
internal static class OperatorName
{
    /// <summary><c>GeluTanh`1</c> is <c>gelu-tanh</c>.</summary>
    public static string Of(Type type)
    {
        ReadOnlySpan<char> name = type.Name.AsSpan();
        int tick = name.IndexOf('`');
        if (tick >= 0)
            name = name[..tick];
        System.Text.StringBuilder text = new();
        foreach (char letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }
}
