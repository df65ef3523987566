using FastGrad.Autograd;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Tensors by plain loops over indices: what views, broadcasting and reductions are held against.</summary>
internal static class IndexLoops
{
    /// <summary>All index tuples of a shape, in row-major order.</summary>
    public static IEnumerable<int[]> Of(Shape shape)
    {
        for (int position = 0; position < shape.Length; position++)
        {
            int[] index = new int[shape.Rank];
            for (int axis = shape.Rank - 1, rest = position; axis >= 0; axis--)
                (rest, index[axis]) = Math.DivRem(rest, shape[axis]);
            yield return index;
        }
    }

    /// <summary>The elements of a tensor that is given by a formula of its indices.</summary>
    public static double[] Fill(Shape shape, Func<int[], double> element) => [.. Of(shape).Select(element)];

    /// <summary>Groups a tensor's elements by their indices without the reduced axes, and folds each group.</summary>
    public static double[] Reduce(Tensor<double> x, int[] axes, Func<IEnumerable<double>, double> fold)
    {
        int[] kept = [.. Enumerable.Range(0, x.Rank).Where(axis => axes.Length > 0 && !axes.Contains(axis))];
        return Fill(Shape.Create([.. kept.Select(axis => x.Shape[axis])]), outer => fold(
            Of(x.Shape).Where(index => kept.Select(axis => index[axis]).SequenceEqual(outer)).Select(index => x[index])));
    }

    /// <summary>The rows along the last axis.</summary>
    public static IEnumerable<double[]> RowsOf(Tensor<double> x) => x.ToArray().Chunk(Math.Max(1, x.Shape[-1]));
}
