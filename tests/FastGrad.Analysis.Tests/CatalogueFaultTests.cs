using System.Text;
using FastGrad.Autograd.Primitives;
using FastGrad.Losses;
using FastGrad.Modules;
using Xunit.Abstractions;

namespace FastGrad.Analysis.Tests;

/// <summary>Each operator, loss and layer of the catalogue gets wrong derivatives of every kind, one after the other; the check finds each.</summary>
/// <remarks>
/// The fault is put around the row's function, not into it: the values are the row's, and the derivatives are the true ones, spoilt.
/// Arguments are moved along directions, as large ones are; <see cref="PlantedFaultTests"/> moves each element.
/// </remarks>
public sealed class CatalogueFaultTests(ITestOutputHelper output)
{
    public enum Fault
    {
        /// <summary>−g.</summary>
        Sign,

        /// <summary>g·(1 + 10⁻⁵).</summary>
        Factor,

        /// <summary>g's elements in the other order: columns for rows.</summary>
        Transposed,

        /// <summary>Of the sum over the output's elements the term that contributes most is left out.</summary>
        ForgottenTerm,

        /// <summary>Right to first order, a constant to the second.</summary>
        Detached,
    }

    private static readonly CheckOptions s_first = CheckOptions.Default with { Order = 1, ForwardMode = false, Elementwise = 0, Directions = 2 };

    [Fact]
    public void EveryFaultIsFoundInEveryRow()
    {
        Dictionary<Fault, List<string>> found = Enum.GetValues<Fault>().ToDictionary(fault => fault, _ => new List<string>());
        List<string> missed = [], unspoilt = [];
        Parallel.ForEach(OperatorCatalogue.All, row =>
        {
            bool spoilt = false;
            IReadOnlyList<Argument> arguments = row.Cases[0];
            Tensor<double>[] x = Samples(row);
            double[] scales = [.. arguments.Select(a => a.Scale)];
            DerivativeReport right = Check(row, null, 0, x, scales);
            Note(missed, right.Passed ? null : $"{row.Name} as it is: {right}");
            foreach (Fault fault in Enum.GetValues<Fault>())
            {
                bool any = false, all = true;
                for (int argument = 0; argument < x.Length; argument++)
                {
                    int term = fault == Fault.ForgottenTerm ? Largest(row, argument, x) : 0;
                    if (!Shows(row, fault, argument, term, x))
                        continue;
                    any = true;
                    DerivativeReport report = Check(row, fault, argument, x, scales, term);
                    bool expected = fault == Fault.Detached ? report.Failures.Any(f => f.Check.StartsWith("second order", StringComparison.Ordinal)) : report.Failures.Any(f => f.Argument == argument && f.Operator == row.Name);
                    all &= expected;
                    Note(missed, expected ? null : $"{fault} in argument {argument} of {row.Name}");
                }
                spoilt |= any;
                Note(found[fault], any && all ? row.Name : null);
            }
            Note(unspoilt, spoilt ? null : row.Name);
        });
        output.WriteLine(Listing(found));
        output.WriteLine($"constant between jumps, so that every fault leaves 0 as it is: {string.Join(", ", unspoilt.Order(StringComparer.Ordinal))}");
        Assert.Equal([], missed);
        // Each kind in at least twenty operators, among them losses, layers and linear algebra.
        foreach ((Fault fault, List<string> names) in found)
        {
            OperatorRow[] rows = [.. names.Select(name => OperatorCatalogue.Find(name)!)];
            Assert.True(rows.Length >= 100, $"{fault}: {rows.Length}");
            Assert.True(rows.Count(row => Descends(row.Implementation, typeof(Criterion<>))) >= 10, $"{fault} in losses");
            Assert.True(rows.Count(row => Descends(row.Implementation, typeof(Module<>))) >= 20, $"{fault} in layers");
            Assert.True(rows.Count(row => row.Implementation.Namespace == typeof(Primitive<>).Namespace) >= 20, $"{fault} in primitives");
        }
        Assert.All(unspoilt, name => Assert.Contains(name, (string[])["sign", "floor", "ceiling", "round", "truncate", "first-maximum"]));
    }

    private static DerivativeReport Check(OperatorRow row, Fault? fault, int argument, Tensor<double>[] x, double[] scales, int term = 0)
    {
        CustomOperator<double> faulty = new(
            row.Name, row.Double, (all, _, dy, i) => i == argument && fault is { } f ? Spoil(row, f, i, term, all, dy) : Transforms.Vjp(row.Double, all).Pullback(dy)[i]);
        CheckOptions options = s_first with { Scales = scales, Order = fault == Fault.Detached ? 2 : 1 };
        return DerivativeCheck.Run(row.Name, all => faulty.Apply(all), x, options);
    }

    private static Tensor<double> Spoil(OperatorRow row, Fault fault, int argument, int term, Tensor<double>[] x, Tensor<double> dy)
    {
        if (fault == Fault.ForgottenTerm)
            dy *= Without(term, dy.Shape);
        Tensor<double> g = Transforms.Vjp(row.Double, x).Pullback(dy)[argument];
        return fault switch
        {
            Fault.Sign => -g,
            Fault.Factor => g * (1 + 1e-5),
            Fault.Transposed => g.Rank >= 2 ? g.Transpose().Reshape(g.Shape) : g.Rank == 1 ? g.Flip(0) : g,
            Fault.Detached => g.Detach(),
            _ => g,
        };
    }

    // Whether the fault changes anything at this point: not where the gradient is 0, is the same in both orders, or is constant.
    private static bool Shows(OperatorRow row, Fault fault, int argument, int term, Tensor<double>[] x)
    {
        Tensor<double> weights = Wave(row.Double(x).Shape);
        if (fault == Fault.Detached)
        {
            Tensor<double>[] directions = [.. x.Select(t => Wave(t.Shape))];
            return Transforms.Jvp(all => Transforms.Vjp(row.Double, all).Pullback(weights)[argument], x, directions).Tangent.ToArray().Any(v => Math.Abs(v) > 1e-3);
        }
        double[] right = Transforms.Vjp(row.Double, x).Pullback(weights)[argument].ToArray(), wrong = Spoil(row, fault, argument, term, x, weights).ToArray();
        double scale = right.Select(Math.Abs).DefaultIfEmpty(0).Max();
        // Far below the tolerance's floor, which is relative to the output, a fault is rounding.
        return scale > 1e-3 && right.Zip(wrong, (a, b) => Math.Abs(a - b)).Max() > 0.9e-5 * scale;
    }

    private static Tensor<double>[] Samples(OperatorRow row)
    {
        for (int attempt = 0; ; attempt++)
        {
            Random random = new(20 + attempt);
            Tensor<double>[] x = [.. row.Cases[0].Select(a => Tensor.From<double>([.. Enumerable.Range(0, a.Shape.Length).Select(_ => a.Low + (a.High - a.Low) * random.NextDouble())], a.Shape))];
            if ((row.KinkDistance?.Invoke(x) ?? 1) > 0.08 * Math.Max(1, row.Cases[0].Max(a => a.Scale)))
                return x;
        }
    }

    // The output's element with the largest gradient.
    private static int Largest(OperatorRow row, int argument, Tensor<double>[] x)
    {
        (Tensor<double> y, Func<Tensor<double>, Tensor<double>[]> pullback) = Transforms.Vjp(row.Double, x);
        return Enumerable.Range(0, y.Length).MaxBy(term =>
        {
            double[] unit = new double[y.Length];
            unit[term] = 1;
            return pullback(Tensor.From<double>(unit, y.Shape))[argument].ToArray().Max(Math.Abs);
        });
    }

    private static Tensor<double> Without(int term, Shape shape) =>
        Tensor.From<double>([.. Enumerable.Range(0, shape.Length).Select(i => i == term ? 0.0 : 1)], shape);

    // Of either sign, nowhere near 0, no two alike.
    private static Tensor<double> Wave(Shape shape) =>
        Tensor.From<double>([.. Enumerable.Range(0, shape.Length).Select(i => (i % 2 == 0 ? 1 : -1) * (0.5 + i * 0.618 % 1))], shape);

    private static void Note(List<string> list, string? entry)
    {
        if (entry is null)
            return;
        lock (list)
            list.Add(entry);
    }

    private static string Listing(Dictionary<Fault, List<string>> found)
    {
        StringBuilder text = new();
        foreach ((Fault fault, List<string> names) in found)
            text.Append(fault).Append(": found in ").Append(names.Count).Append(": ").AppendJoin(", ", names.Order(StringComparer.Ordinal)).Append('\n');
        return text.ToString();
    }

    private static bool Descends(Type type, Type from)
    {
        for (Type? up = type.BaseType; up is not null; up = up.BaseType)
        {
            if (up.IsGenericType && up.GetGenericTypeDefinition() == from)
                return true;
        }
        return false;
    }
}
