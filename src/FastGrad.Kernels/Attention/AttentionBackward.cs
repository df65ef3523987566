using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Attention;

/// <summary>Where the backward pass reads and writes beside the inputs. A gradient that is not wanted is null.</summary>
internal unsafe struct AttentionGradients<T>
    where T : unmanaged
{
    public T* Output, OutputGradient, LogSumExp, Query, Key, Value;
    public HeadLayout OutputLayout, OutputGradientLayout, QueryLayout, KeyLayout, ValueLayout;
    public bool Accumulate;
}

/// <summary>The backward pass: scores are computed again, tile by tile, from the rows' log-sum-exp.</summary>
/// <remarks>
/// With P = exp(S − L) and δ = rowsum(dO∘O): dV = Pᵀ·dO, dS = P∘(dO·Vᵀ − δ)·scale, dQ = dS·K, dK = dSᵀ·Q (T. Dao et al.,
/// "FlashAttention", NeurIPS 2022, algorithm 4). Each element of dQ is one chain over keys in order, each of dK and dV one over
/// queries in order. So a head may be one part, or, where there are too few heads for the threads, be cut into runs of queries
/// (for dQ) and of keys (for dK and dV) that compute the scores twice: the same chains, so the same bits.
/// </remarks>
internal readonly unsafe struct AttentionBackward<TKernels, T> : IWorkerJob
    where TKernels : struct, IKernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [ThreadStatic] private static byte[]? t_panels;
    [ThreadStatic] private static byte[]? t_scores;

    private readonly AttentionOperands<T> _in;
    private readonly AttentionGradients<T> _out;
    private readonly Partition _queries; // runs for dQ alone; one for everything where heads are whole
    private readonly Partition _keys;    // runs for dK and dV alone; none where heads are whole

    public AttentionBackward(in AttentionOperands<T> operands, in AttentionGradients<T> gradients, int threads)
    {
        _in = operands;
        _out = gradients;
        AttentionShape shape = operands.Shape;
        bool whole = shape.Sequences % threads == 0 || shape.Sequences >= 4 * threads;
        _queries = new(shape.Queries, whole ? Math.Max(1, shape.Queries) : Run(shape.Queries, threads));
        _keys = new(whole ? 0 : shape.Keys, whole ? 1 : Run(shape.Keys, threads));
    }

    public void Run(WorkerTeam? workers)
    {
        AttentionBackward<TKernels, T> job = this;
        int parts = _in.Shape.Sequences * (_queries.Count + _keys.Count);
        if (workers is not null && _in.Shape.Work >= GemmJob<TKernels, T>.Worthwhile)
        {
            workers.Run(parts, ref job);
            return;
        }
        for (int part = 0; part < parts; part++)
            Execute(part);
    }

    public void Execute(int part)
    {
        (int sequence, int run) = Math.DivRem(part, _queries.Count + _keys.Count);
        (int batch, int head) = Math.DivRem(sequence, _in.Shape.Heads);
        if (_keys.Count == 0)
        {
            Head(batch, head, 0, _in.Shape.Queries, 0, _in.Shape.Keys, queries: true, keys: true);
        }
        else if (run < _queries.Count)
        {
            int first = _queries.Start(run);
            Head(batch, head, first, first + _queries.Size(run), 0, _in.Shape.Keys, queries: true, keys: false);
        }
        else
        {
            int first = _keys.Start(run - _queries.Count);
            Head(batch, head, 0, _in.Shape.Queries, first, first + _keys.Size(run - _queries.Count), queries: false, keys: true);
        }
    }

    // Whole row tiles, so that a cut shows in no tile; four runs a thread, since causal ones differ in length.
    private static int Run(int length, int threads)
    {
        int tiles = (length + AttentionShape.RowTile - 1) / AttentionShape.RowTile;
        return Math.Max(1, (tiles + 4 * threads - 1) / (4 * threads)) * AttentionShape.RowTile;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Head(int batch, int head, int firstQuery, int endQuery, int firstKey, int endKey, bool queries, bool keys)
    {
        AttentionShape shape = _in.Shape;
        bool wantsQuery = queries && _out.Query != null, wantsKey = keys && _out.Key != null, wantsValue = keys && _out.Value != null;
        if (!wantsQuery && !wantsKey && !wantsValue)
            return;
        T* key = _in.Key + _in.KeyLayout.Start(batch, head) + (nint)firstKey * _in.KeyLayout.Row;
        T* value = _in.Value + _in.ValueLayout.Start(batch, head) + (nint)firstKey * _in.ValueLayout.Row;
        T* dQuery = _out.Query + _out.QueryLayout.Start(batch, head);
        T* dKey = _out.Key + _out.KeyLayout.Start(batch, head) + (nint)firstKey * _out.KeyLayout.Row;
        T* dValue = _out.Value + _out.ValueLayout.Start(batch, head) + (nint)firstKey * _out.ValueLayout.Row;
        int count = endKey - firstKey;
        if (!_out.Accumulate)
        {
            for (int j = 0; j < count && wantsKey; j++)
                new Span<T>(dKey + (nint)j * _out.KeyLayout.Row, shape.Width).Clear();
            for (int j = 0; j < count && wantsValue; j++)
                new Span<T>(dValue + (nint)j * _out.ValueLayout.Row, shape.ValueWidth).Clear();
        }

        int panel = Tiles<TKernels, T>.Padded(count);
        T* keyPanel = Scratch.Area<T>(ref t_panels, (nint)panel * (shape.Width + shape.ValueWidth));
        T* valuePanel = keyPanel + (nint)panel * shape.Width;
        Transposition.Copy(key, _in.KeyLayout.Row, count, shape.Width, keyPanel, panel);
        if (wantsQuery || wantsKey)
            Transposition.Copy(value, _in.ValueLayout.Row, count, shape.ValueWidth, valuePanel, panel);
        int stride = Tiles<TKernels, T>.Padded(Math.Min(count, AttentionShape.KeyBlock));
        T* scores = Scratch.Area<T>(ref t_scores, (nint)stride * (2 * AttentionShape.RowTile + 1));
        T* slopes = scores + (nint)stride * AttentionShape.RowTile;
        T* biases = slopes + (nint)stride * AttentionShape.RowTile;
        T* deltas = stackalloc T[AttentionShape.RowTile];

        for (int first = firstQuery; first < endQuery; first += AttentionShape.RowTile)
        {
            int rows = Math.Min(AttentionShape.RowTile, endQuery - first);
            int visible = shape.Visible(first, rows, endKey) - firstKey;
            T* query = _in.Query + _in.QueryLayout.Start(batch, head) + (nint)first * _in.QueryLayout.Row;
            T* output = _out.Output + _out.OutputLayout.Start(batch, head) + (nint)first * _out.OutputLayout.Row;
            T* dOutput = _out.OutputGradient + _out.OutputGradientLayout.Start(batch, head) + (nint)first * _out.OutputGradientLayout.Row;
            T* dQueryTile = dQuery + (nint)first * _out.QueryLayout.Row;
            T* logSumExp = _out.LogSumExp + ((nint)batch * shape.Heads + head) * shape.Queries + first;
            if (wantsQuery && visible <= 0 && !_out.Accumulate)
            {
                for (int i = 0; i < rows; i++)
                    new Span<T>(dQueryTile + (nint)i * _out.QueryLayout.Row, shape.Width).Clear();
            }
            for (int i = 0; i < rows; i++)
                deltas[i] = ScoreRows<T>.Dot(output + (nint)i * _out.OutputLayout.Row, dOutput + (nint)i * _out.OutputGradientLayout.Row, shape.ValueWidth);
            for (int at = 0; at < visible; at += AttentionShape.KeyBlock)
            {
                int n = Math.Min(AttentionShape.KeyBlock, visible - at);
                Tiles<TKernels, T>.Multiply(rows, n, shape.Width, query, _in.QueryLayout.Row, 1, keyPanel + at, panel, scores, stride, accumulate: false);
                if (wantsQuery || wantsKey)
                    Tiles<TKernels, T>.Multiply(rows, n, shape.ValueWidth, dOutput, _out.OutputGradientLayout.Row, 1, valuePanel + at, panel, slopes, stride, accumulate: false);
                for (int i = 0; i < rows; i++)
                {
                    int length = shape.Causal ? Math.Clamp(first + i + 1 - firstKey - at, 0, n) : n;
                    if (T.IsNegativeInfinity(logSumExp[i]))
                        length = 0; // nothing is seen: no gradient
                    T* s = scores + (nint)i * stride, g = slopes + (nint)i * stride;
                    T factor = ScoreRows<T>.Prepare(s, length, _in.Scale, _in.BiasRow(batch, head, first + i, firstKey + at, length, biases));
                    ScoreRows<T>.Gradients(s, g, length, factor, _in.Scale, logSumExp[i], deltas[i]);
                    new Span<T>(s + length, n - length).Clear();
                    new Span<T>(g + length, n - length).Clear();
                }
                if (wantsValue)
                    Tiles<TKernels, T>.Multiply(
                        n, shape.ValueWidth, rows, scores, 1, stride, dOutput, _out.OutputGradientLayout.Row,
                        dValue + (nint)at * _out.ValueLayout.Row, _out.ValueLayout.Row, accumulate: true);
                if (wantsQuery)
                    Tiles<TKernels, T>.Multiply(
                        rows, shape.Width, n, slopes, stride, 1, key + (nint)at * _in.KeyLayout.Row, _in.KeyLayout.Row,
                        dQueryTile, _out.QueryLayout.Row, _out.Accumulate || at > 0);
                if (wantsKey)
                    Tiles<TKernels, T>.Multiply(
                        n, shape.Width, rows, slopes, 1, stride, query, _in.QueryLayout.Row,
                        dKey + (nint)at * _out.KeyLayout.Row, _out.KeyLayout.Row, accumulate: true);
            }
        }
    }
}
