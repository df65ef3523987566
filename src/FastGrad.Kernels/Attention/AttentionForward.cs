using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Attention;

/// <summary>The forward pass, cut into runs of row tiles of one head.</summary>
/// <remarks>Rows do not depend on each other, so the cut may follow the number of threads without changing a bit.</remarks>
internal readonly unsafe struct AttentionForward<TKernels, T> : IWorkerJob
    where TKernels : struct, IKernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [ThreadStatic] private static byte[]? t_keys;
    [ThreadStatic] private static byte[]? t_scores;

    private readonly AttentionOperands<T> _in;
    private readonly T* _output;
    private readonly HeadLayout _outputLayout;
    private readonly T* _logSumExp;
    private readonly Partition _tiles;

    public AttentionForward(in AttentionOperands<T> operands, T* output, HeadLayout outputLayout, T* logSumExp, int threads)
    {
        _in = operands;
        _output = output;
        _outputLayout = outputLayout;
        _logSumExp = logSumExp;
        int heads = operands.Shape.Sequences, tiles = operands.Shape.RowTiles;
        // Each run packs the keys for itself: runs are cut only where there are too few heads to share evenly.
        int runs = heads % threads == 0 || heads >= 4 * threads ? 1 : Math.Min(tiles, 4 * threads);
        _tiles = new(tiles, (tiles + runs - 1) / Math.Max(1, runs));
    }

    public void Run(WorkerTeam? workers)
    {
        AttentionForward<TKernels, T> job = this;
        int parts = _in.Shape.Sequences * _tiles.Count;
        if (workers is not null && _in.Shape.Work >= GemmJob<TKernels, T>.Worthwhile)
        {
            workers.Run(parts, ref job);
            return;
        }
        for (int part = 0; part < parts; part++)
            Execute(part);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute(int part)
    {
        AttentionShape shape = _in.Shape;
        (int sequence, int run) = Math.DivRem(part, _tiles.Count);
        (int batch, int head) = Math.DivRem(sequence, shape.Heads);
        int first = _tiles.Start(run) * AttentionShape.RowTile;
        int end = Math.Min(shape.Queries, first + _tiles.Size(run) * AttentionShape.RowTile);
        int keys = shape.Visible(first, end - first, shape.Keys), panel = Tiles<TKernels, T>.Padded(keys);
        T* transposed = Scratch.Area<T>(ref t_keys, (nint)panel * shape.Width);
        Transposition.Copy(_in.Key + _in.KeyLayout.Start(batch, head), _in.KeyLayout.Row, keys, shape.Width, transposed, panel);
        for (int row = first; row < end; row += AttentionShape.RowTile)
            Tile(batch, head, row, Math.Min(AttentionShape.RowTile, end - row), transposed, panel);
    }

    private void Tile(int batch, int head, int first, int rows, T* keys, int panel)
    {
        AttentionShape shape = _in.Shape;
        int visible = shape.Visible(first, rows, shape.Keys), stride = Tiles<TKernels, T>.Padded(Math.Min(visible, AttentionShape.KeyBlock));
        T* scores = Scratch.Area<T>(ref t_scores, (nint)stride * (rows + 1));
        T* biases = scores + (nint)stride * rows;
        T* query = _in.Query + _in.QueryLayout.Start(batch, head) + (nint)first * _in.QueryLayout.Row;
        T* value = _in.Value + _in.ValueLayout.Start(batch, head);
        T* output = _output + _outputLayout.Start(batch, head) + (nint)first * _outputLayout.Row;
        T* greatest = stackalloc T[AttentionShape.RowTile], sums = stackalloc T[AttentionShape.RowTile];
        new Span<T>(greatest, rows).Fill(T.NegativeInfinity);
        new Span<T>(sums, rows).Clear();
        for (int key = 0; key < visible; key += AttentionShape.KeyBlock)
        {
            int count = Math.Min(AttentionShape.KeyBlock, visible - key);
            Tiles<TKernels, T>.Multiply(rows, count, shape.Width, query, _in.QueryLayout.Row, 1, keys + key, panel, scores, stride, accumulate: false);
            for (int i = 0; i < rows; i++)
            {
                T* row = scores + (nint)i * stride;
                int length = shape.Causal ? Math.Clamp(first + i + 1 - key, 0, count) : count;
                T factor = ScoreRows<T>.Prepare(row, length, _in.Scale, _in.BiasRow(batch, head, first + i, key, length, biases));
                T before = greatest[i], most = ScoreRows<T>.Maximum(row, length, factor);
                most = before > most ? before : most;
                T shift = T.IsNegativeInfinity(most) ? T.Zero : most; // ∞ − ∞ would be NaN
                T sum = ScoreRows<T>.Exponentials(row, length, factor, shift);
                Clear(row, ScoreRows<T>.Padded(length), count); // up to there, exp(−∞) has
                greatest[i] = most;
                if (key == 0)
                {
                    sums[i] = sum;
                    continue;
                }
                T rescale = Exp<T>.At(before - shift);
                sums[i] = T.FusedMultiplyAdd(sums[i], rescale, sum);
                ScoreRows<T>.Multiply(output + (nint)i * _outputLayout.Row, shape.ValueWidth, rescale);
            }
            Tiles<TKernels, T>.Multiply(
                rows, shape.ValueWidth, count, scores, stride, 1, value + (nint)key * _in.ValueLayout.Row, _in.ValueLayout.Row,
                output, _outputLayout.Row, accumulate: key > 0);
        }
        for (int i = 0; i < rows; i++, output += _outputLayout.Row)
        {
            if (sums[i] == T.Zero)
                new Span<T>(output, shape.ValueWidth).Clear();
            else
                ScoreRows<T>.Multiply(output, shape.ValueWidth, T.One / sums[i]);
            if (_logSumExp != null)
                _logSumExp[((nint)batch * shape.Heads + head) * shape.Queries + first + i] =
                    sums[i] == T.Zero ? T.NegativeInfinity : greatest[i] + Log<T>.At(sums[i]);
        }
    }

    private static void Clear(T* row, int from, int to)
    {
        if (from < to)
            new Span<T>(row + from, to - from).Clear();
    }
}
