using System.Globalization;

namespace FastGrad.Data;

/// <summary>
/// The labels of one column as they stream by: their distinct values in the order met, and the code of each row. Decides
/// in the end whether they are classes, and orders them.
/// </summary>
internal sealed class LabelColumn(TableOptions options)
{
    // Integers above 2^53 have neighbours that a double cannot tell apart.
    private const double ExactIntegers = 9007199254740992;

    private readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
    private readonly HashSet<string>? _known = options.LabelNames?.ToHashSet(StringComparer.Ordinal);
    private readonly List<string> _labels = [];
    private readonly List<int> _codes = [];
    private bool? _firstIsNumber;
    private bool _numbersOnly = true;
    private bool _tooMany;

    private bool Auto => options.TargetKind == TargetKind.Auto;

    /// <summary>Whether the labels read so far are classes by the rule of <see cref="TargetKind.Auto"/>.</summary>
    public bool AreClasses => !Auto || !_tooMany;

    /// <summary>Takes the label of the next row; answers what is wrong with it, or null.</summary>
    public string? Add(bool isNumber, double number, string text)
    {
        _firstIsNumber ??= isNumber;
        _numbersOnly &= isNumber;
        if (Auto && isNumber != _firstIsNumber)
            return isNumber ? $"{Shown(number)} is a number, but the targets before it are texts." : $"{MessageText.Quote(text)} is no number, but the targets before it are.";
        if (_tooMany)
            return null;

        string label;
        if (!isNumber)
            label = text.Trim();
        else if (IsExactInteger(number))
            label = number.ToString("F0", CultureInfo.InvariantCulture);
        else if (Auto)
            return Surrender();
        else
            return $"{(text.Length > 0 ? MessageText.Quote(text) : Shown(number))} is no class: expected an integer or a text.";

        if (label == "-0")
            label = "0";
        if (!_codeOf.TryGetValue(label, out var code))
        {
            if (_known is not null && !_known.Contains(label))
                return $"{MessageText.Quote(label)} is none of the classes {MessageText.Quote([.. options.LabelNames!], shown: 10)}.";
            if (Auto && isNumber && _labels.Count == TableOptions.AutoClassLimit)
                return Surrender();
            _codeOf.Add(label, code = _labels.Count);
            _labels.Add(label);
        }

        _codes.Add(code);
        return null;
    }

    /// <summary>The class of each row, and the names of the classes in order.</summary>
    public (int[] Codes, string[] Names) Encode()
    {
        string[] names = options.LabelNames is { } known ? [.. known]
            : _numbersOnly ? [.. _labels.OrderBy(label => long.Parse(label, CultureInfo.InvariantCulture))]
            : [.. _labels.Order(StringComparer.Ordinal)];
        var classOf = new int[_labels.Count];
        for (var c = 0; c < names.Length; c++)
            if (_codeOf.TryGetValue(names[c], out var code))
                classOf[code] = c;
        return ([.. _codes.Select(code => classOf[code])], names);
    }

    private static bool IsExactInteger(double number) => Math.Abs(number) <= ExactIntegers && number == Math.Truncate(number);

    private static string Shown(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    // The targets are no classes; what was gathered of them is let go.
    private string? Surrender()
    {
        _tooMany = true;
        _codeOf.Clear();
        _labels.Clear();
        _codes.Clear();
        return null;
    }
}
