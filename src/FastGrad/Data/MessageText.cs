using System.Globalization;
using System.Text;

namespace FastGrad.Data;

/// <summary>Foreign text within an error message: the message stays one short line whatever the text holds.</summary>
internal static class MessageText
{
    private const int Shown = 40;

    /// <summary>A text in quotes, at most 40 characters of it.</summary>
    public static string Quote(string text) =>
        text.Length <= Shown ? $"'{OneLine(text)}'" : string.Create(CultureInfo.InvariantCulture, $"'{OneLine(text[..Shown])}…' ({text.Length} characters)");

    /// <summary>Names in quotes, the first few of many.</summary>
    public static string Quote(IReadOnlyCollection<string> texts, int shown = 5) =>
        string.Join(", ", texts.Take(shown).Select(Quote)) + (texts.Count > shown ? string.Create(CultureInfo.InvariantCulture, $" and {texts.Count - shown} more") : "");

    /// <summary>The text with escapes for everything that breaks or hides in a line.</summary>
    public static string OneLine(string text)
    {
        if (!text.Any(IsUnprintable))
            return text;

        var line = new StringBuilder();
        foreach (var c in text)
            _ = IsUnprintable(c) ? line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : line.Append(c);
        return line.ToString();
    }

    // U+2028 and U+2029 break lines in some terminals; a surrogate may have lost its other half where the text was cut.
    private static bool IsUnprintable(char c) => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029';
}
