using System.Globalization;
using System.Numerics;

namespace FastGrad.Data;

/// <summary>One cell of a table as a number: what a reader's value says, or why it says none.</summary>
internal static class Cell
{
    /// <summary>
    /// The number that <paramref name="value"/> is or spells. Any type that is no usual number goes through its
    /// invariant text, so that no provider's types are left out.
    /// </summary>
    /// <returns>False where the value is no number; the text is then that of the cell.</returns>
    public static bool TryNumber<T>(object value, out T number, out string text)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        text = "";
        switch (value)
        {
            case double x: number = T.CreateSaturating(x); return true;
            case float x: number = T.CreateSaturating(x); return true;
            case long x: number = T.CreateSaturating(x); return true;
            case int x: number = T.CreateSaturating(x); return true;
            case short x: number = T.CreateSaturating(x); return true;
            case byte x: number = T.CreateSaturating(x); return true;
            case bool x: number = x ? T.One : T.Zero; return true;
        }

        text = TextOf(value);
        return T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>The value as text of the invariant culture.</summary>
    public static string TextOf(object value) =>
        value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>A database null, or a text of white space alone.</summary>
    public static bool IsMissing(object? value) => value is null or DBNull || (value is string text && string.IsNullOrWhiteSpace(text));
}
