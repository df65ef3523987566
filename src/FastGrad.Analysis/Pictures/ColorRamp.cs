using System.Globalization;

namespace FastGrad.Analysis.Pictures;

/// <summary>Colours from low (pale) to high (dark blue), each darker than the one before, so that they are told apart without colours too.</summary>
internal static class ColorRamp
{
    private static readonly (int Red, int Green, int Blue)[] s_anchors = [(250, 250, 226), (196, 228, 192), (104, 188, 190), (48, 122, 178), (26, 46, 106)];

    /// <summary>The colours of paths, which stand out from all of these.</summary>
    private static readonly string[] s_pens = ["#e8590c", "#c2255c", "#212529", "#7048e8", "#2b8a3e", "#1971c2", "#a61e4d", "#5c940d"];

    /// <summary>The colour at a share of the way from 0 to 1, as SVG writes it.</summary>
    public static string At(double share)
    {
        double at = Math.Clamp(share, 0, 1) * (s_anchors.Length - 1);
        int i = Math.Min((int)at, s_anchors.Length - 2);
        (var a, var b, double rest) = (s_anchors[i], s_anchors[i + 1], at - i);
        return string.Create(CultureInfo.InvariantCulture, $"#{Mix(a.Red, b.Red):x2}{Mix(a.Green, b.Green):x2}{Mix(a.Blue, b.Blue):x2}");

        int Mix(int low, int high) => (int)Math.Round(low + rest * (high - low));
    }

    /// <summary>A path's colour.</summary>
    public static string Pen(int index) => s_pens[index % s_pens.Length];
}
