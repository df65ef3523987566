namespace FastGrad.Analysis.Catalogue;

/// <summary>Every operator, loss and layer of the library, one row each (a few have more, for their attributes or modes).</summary>
public static class OperatorCatalogue
{
    private static readonly Lazy<OperatorRow[]> s_all = new(() =>
    [
        .. ArithmeticRows.All,
        .. SelectionRows.All,
        .. FunctionRows.All,
        .. ActivationRows.All,
        .. CalculusRows.All,
        .. FurtherActivationRows.All,
        .. CompositionRows.All,
        .. ReductionRows.All,
        .. StatisticRows.All,
        .. NormRows.All,
        .. ShapeRows.All,
        .. RearrangementRows.All,
        .. LinearAlgebraRows.All,
        .. MaskRows.All,
        .. IndexingRows.All,
        .. AttentionRows.All,
        .. LossTermRows.All,
        .. LossRows.All,
        .. ConvolutionRows.All,
        .. LayerRows.All,
        .. SequenceRows.All,
        .. ParametrisedLayerRows.All,
    ]);

    /// <summary>All rows.</summary>
    public static IReadOnlyList<OperatorRow> All => s_all.Value;

    /// <summary>The row of a name; null where there is none.</summary>
    public static OperatorRow? Find(string name) => Array.Find(s_all.Value, row => row.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
