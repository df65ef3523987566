using System.Globalization;
using System.Text;
using FastGrad.Analysis.Formulas;
using FastGrad.Autograd;
using FastGrad.Losses;

namespace FastGrad.Cli.Pages;

/// <summary>What is generated of docs/derivatives.md: a table of activations with a picture of each, and a table of losses.</summary>
internal static class DerivativesPage
{
    private const string PageName = "derivatives.md", Pictures = "derivatives";
    private const string Begin = "<!-- generated: begin -->\n", End = "<!-- generated: end -->\n";

    /// <summary>Writes the tables into the page of a folder, between its marks, and the pictures beside it.</summary>
    /// <returns>The number of files.</returns>
    /// <exception cref="UsageException">The folder has no such page, or the page no marks.</exception>
    public static int Write(string folder)
    {
        string page = Path.Combine(folder, PageName), text = File.Exists(page) ? File.ReadAllText(page) : "";
        int begin = text.IndexOf(Begin, StringComparison.Ordinal), end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
            throw new UsageException($"'{page}' is no page to write into; expected a file with the lines '{Begin.Trim()}' and '{End.Trim()}'.");
        File.WriteAllText(page, text[..(begin + Begin.Length)] + Tables() + text[end..]);
        Directory.CreateDirectory(Path.Combine(folder, Pictures));
        foreach (ActivationFormula formula in ActivationFormulas.All)
            File.WriteAllText(Path.Combine(folder, Pictures, formula.Name + ".svg"), Picture(formula));
        return 1 + ActivationFormulas.All.Count;
    }

    private static string Tables()
    {
        var tables = new StringBuilder("\n| activation | f | f′ | f″ | convexity | f, f′, f″ |\n|---|---|---|---|---|---|\n");
        foreach (ActivationFormula f in ActivationFormulas.All)
            tables.Append(CultureInfo.InvariantCulture, $"| {f.Name} | {Cell(f.Value)} | {Cell(f.First)} | {Cell(f.Second)} | {Cell(f.Convexity)} | ![{f.Name}]({Pictures}/{f.Name}.svg){(f.Shown.Length == 0 ? "" : "<br>" + f.Shown)} |\n");
        tables.Append("\n| loss | term | gradient | convex in the prediction | convex in the logits | smoothness L |\n|---|---|---|---|---|---|\n");
        foreach (LossFormula loss in LossFormulas.All)
        {
            Curvature c = loss.Loss.Curvature;
            string most = loss.Smoothness ?? (double.IsInfinity(c.Smoothness) ? "none" : c.Smoothness.ToString("0.###", CultureInfo.InvariantCulture));
            tables.Append(CultureInfo.InvariantCulture, $"| {loss.Loss.Name} | {Cell(loss.Value)} | {Cell(loss.Gradient)} | {Word(c.IsConvex)} | {Word(c.IsConvexInLogits)} | {most} |\n");
        }
        return tables.Append('\n').ToString();
    }

    private static string Picture(ActivationFormula formula)
    {
        Func<Tensor<double>, Tensor<double>> first = Transforms.Grad<double>(x => formula.Apply(x).Sum()), second = Transforms.Grad<double>(x => first(x).Sum());
        string title = formula.Shown.Length == 0 ? formula.Name : $"{formula.Name}, {formula.Shown}";
        return CurvePlot.Draw(title, Curve("f", formula.Apply), Curve("f′", first), Curve("f″", second));

        CurvePlot.Curve Curve(string name, Func<Tensor<double>, Tensor<double>> f) => new(name, x => f(Tensor.From<double>(x)).ToArray(), formula.Seams);
    }

    // A bar would end the cell.
    private static string Cell(string formula) => formula.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Word(bool? said) => said switch
    {
        true => "yes",
        false => "no",
        null => "–",
    };
}
