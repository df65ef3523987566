using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>Sums of products by Einstein's convention: <c>"bij,bjk->bik"</c>.</summary>
/// <remarks>
/// A letter names an axis. Letters that the result does not have are summed over; a letter twice in one operand takes its diagonal; <c>...</c>
/// stands for further axes, which broadcast. Without <c>-></c> the result has the axes of <c>...</c>, then the letters that occur once, in alphabetical
/// order (capitals first). As torch.einsum. Operands are contracted from left to right, each pair by one matrix product; no cheaper order is sought, so
/// the order, and with it the bits, is what the equation says.
/// </remarks>
internal sealed class Einsum<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The axes of "..." have labels below 0: −1 is the last of them.
    private readonly string _equation;
    private readonly int[][] _operands;
    private readonly int[] _result;

    private Einsum(string equation, ReadOnlySpan<Tensor<T>> tensors)
    {
        _equation = equation;
        string text = equation.Replace(" ", "", StringComparison.Ordinal);
        string[] sides = text.Split("->");
        string[] terms = sides[0].Split(',');
        if (sides.Length > 2 || terms.Length != tensors.Length)
            throw Mistake($"it has {terms.Length} operands, but {tensors.Length} tensors are given");
        _operands = new int[terms.Length][];
        int ellipsis = 0;
        for (int i = 0; i < terms.Length; i++)
        {
            _operands[i] = Labels(terms[i], tensors[i].Shape);
            ellipsis = Math.Max(ellipsis, _operands[i].Count(label => label < 0));
        }
        IEnumerable<int> further = Enumerable.Range(0, ellipsis).Select(i => i - ellipsis);
        if (sides.Length == 1)
        {
            _result = [.. further, .. _operands.SelectMany(o => o).Where(l => l >= 0).GroupBy(l => l).Where(g => g.Count() == 1).Select(g => g.Key).Order()];
            return;
        }
        int dots = sides[1].IndexOf("...", StringComparison.Ordinal);
        string letters = dots < 0 ? sides[1] : sides[1].Remove(dots, 3);
        if (letters.Any(letter => !char.IsAsciiLetter(letter)) || letters.Distinct().Count() != letters.Length)
            throw Mistake($"the result '{sides[1]}' has something other than letters, or one twice");
        if (letters.FirstOrDefault(letter => !_operands.Any(o => o.Contains(letter))) is var unknown and not '\0')
            throw Mistake($"'{unknown}' is in the result, but in no operand");
        _result = dots < 0 ? [.. letters.Select(l => (int)l)] : [.. letters[..dots].Select(l => (int)l), .. further, .. letters[dots..].Select(l => (int)l)];
    }

    public static Tensor<T> Evaluate(string equation, ReadOnlySpan<Tensor<T>> tensors)
    {
        Einsum<T> einsum = new(equation, tensors);
        return einsum.Contract(tensors);
    }

    private Tensor<T> Contract(ReadOnlySpan<Tensor<T>> tensors)
    {
        Dictionary<int, int> lengths = [];
        Term[] terms = new Term[tensors.Length];
        for (int i = 0; i < terms.Length; i++)
        {
            terms[i] = Diagonals(new(tensors[i], _operands[i]));
            for (int axis = 0; axis < terms[i].Labels.Length; axis++)
            {
                int label = terms[i].Labels[axis], length = terms[i].Tensor.Shape[axis], known = lengths.GetValueOrDefault(label, 1);
                if (length != known && length != 1 && known != 1)
                    throw Mistake($"{Spell(label)} has length {known} in one operand and {length} in another");
                lengths[label] = known == 1 ? length : known;
            }
        }
        Term sum = Reduce(terms[0], Needed(terms, 1));
        for (int i = 1; i < terms.Length; i++)
        {
            HashSet<int> needed = Needed(terms, i + 1);
            sum = Product(Reduce(sum, [.. needed, .. terms[i].Labels]), Reduce(terms[i], [.. needed, .. sum.Labels]), needed, lengths);
        }
        sum = Reduce(sum, [.. _result]);
        Tensor<T> result = sum.Tensor.Permute([.. _result.Where(sum.Labels.Contains).Select(label => Array.IndexOf(sum.Labels, label))]);
        return result;
    }

    // What the result or an operand from this one on has: all else may be summed.
    private HashSet<int> Needed(Term[] terms, int from) => [.. _result, .. terms.Skip(from).SelectMany(term => term.Labels)];

    // One matrix product: [shared and kept, left alone, summed] × [shared and kept, summed, right alone].
    private static Term Product(Term left, Term right, HashSet<int> needed, Dictionary<int, int> lengths)
    {
        int[] shared = [.. left.Labels.Where(l => right.Labels.Contains(l) && needed.Contains(l))];
        int[] summed = [.. left.Labels.Where(l => right.Labels.Contains(l) && !needed.Contains(l))];
        int[] a = [.. left.Labels.Except(right.Labels)], b = [.. right.Labels.Except(left.Labels)];
        Tensor<T> x = Arrange(left, lengths, shared, a, summed), y = Arrange(right, lengths, shared, summed, b);
        int[] labels = [.. shared, .. a, .. b];
        return new(x.MatMul(y).Reshape(Shape.Create([.. labels.Select(l => Length(l, left, right, lengths))])), labels);
    }

    private static int Length(int label, Term left, Term right, Dictionary<int, int> lengths)
    {
        bool inLeft = left.Labels.Contains(label), inRight = right.Labels.Contains(label);
        return inLeft && inRight ? lengths[label] : inLeft ? left.LengthOf(label) : right.LengthOf(label);
    }

    // The axes in the order of three groups, each group as one axis; axes that both have are stretched to their common length.
    private static Tensor<T> Arrange(Term term, Dictionary<int, int> lengths, int[] batch, int[] rows, int[] columns)
    {
        int[] order = [.. batch, .. rows, .. columns];
        Tensor<T> x = term.Tensor.Permute([.. order.Select(label => Array.IndexOf(term.Labels, label))]);
        bool Shared(int label) => batch.Contains(label) || lengths[label] == term.LengthOf(label);
        int[] full = [.. order.Select(label => Shared(label) ? lengths[label] : term.LengthOf(label))];
        x = x.BroadcastTo(Shape.Create(full));
        int Count(int start, int count) => full.Skip(start).Take(count).Aggregate(1, (product, length) => product * length);
        return x.Reshape([Count(0, batch.Length), Count(batch.Length, rows.Length), Count(batch.Length + rows.Length, columns.Length)]);
    }

    private static Term Reduce(Term term, HashSet<int> kept)
    {
        int[] axes = [.. Enumerable.Range(0, term.Labels.Length).Where(axis => !kept.Contains(term.Labels[axis]))];
        return axes.Length == 0 ? term : new(term.Tensor.Sum(axes), [.. term.Labels.Where(kept.Contains)]);
    }

    private Term Diagonals(Term term)
    {
        while (term.Labels.GroupBy(l => l).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            int first = Array.IndexOf(term.Labels, twice.Key), second = Array.LastIndexOf(term.Labels, twice.Key);
            if (term.Tensor.Shape[first] != term.Tensor.Shape[second])
                throw Mistake($"{Spell(twice.Key)} has lengths {term.Tensor.Shape[first]} and {term.Tensor.Shape[second]} in one operand");
            term = new(term.Tensor.Diagonal(0, first, second), [.. term.Labels.Where((_, axis) => axis != first && axis != second), twice.Key]);
        }
        return term;
    }

    private int[] Labels(string term, Shape shape)
    {
        int dots = term.IndexOf("...", StringComparison.Ordinal);
        string letters = dots < 0 ? term : term.Remove(dots, 3);
        if (letters.Any(letter => !char.IsAsciiLetter(letter)))
            throw Mistake($"the operand '{term}' has something other than letters and one '...'");
        int further = dots < 0 ? 0 : shape.Rank - letters.Length;
        if (letters.Length + further != shape.Rank || further < 0)
            throw Mistake($"the operand '{term}' names {letters.Length} axes of a tensor of shape {shape}");
        int split = Math.Max(0, dots);
        return [.. letters[..split].Select(l => (int)l), .. Enumerable.Range(0, further).Select(i => i - further), .. letters[split..].Select(l => (int)l)];
    }

    private static string Spell(int label) => label < 0 ? "an axis of '...'" : $"'{(char)label}'";

    private ArgumentException Mistake(string what) => new($"Einsum \"{_equation}\": {what}.", "equation");

    private sealed record Term(Tensor<T> Tensor, int[] Labels)
    {
        public int LengthOf(int label) => Tensor.Shape[Array.IndexOf(Labels, label)];
    }
}
