using System.Diagnostics;
using FastGrad.Kernels.Tests.Functions;

namespace FastGrad.Benchmarks.Accuracy;

/// <summary>Measures a row of the catalogue: floats by sweeping, doubles by sampling.</summary>
internal static class Measuring
{
    private const int Rechecked = 24;

    /// <summary>Floats: against the double body, the worst of the worst binades again against 256 bits.</summary>
    public static IEnumerable<Measurement> Singles(Row row, bool derivative, bool peers, int stride, int threads, CancellationToken stop)
    {
        List<(string Name, SpanFunction<float> Function)> contenders =
            derivative ? [("FastGrad", row.Single.Derivatives)]
            : peers ? [.. Peers<float>.Of(row.Name)]
            : [("FastGrad", row.Single.Values)];
        if (contenders.Count == 0)
            yield break;
        SpanFunction<double> exact = derivative ? row.Double.Derivatives : row.Double.Values;
        long start = Stopwatch.GetTimestamp();
        Func<float, double> floor = derivative ? _ => row.Floor : x => x < 0 ? row.NegativeFloor : row.ValueFloor;
        var sweep = new SingleSweep(exact, [.. contenders.Select(contender => contender.Function)], floor);
        SingleSweep.Result[] results = sweep.Run(stride, threads, stop);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        for (int i = 0; i < contenders.Count; i++)
        {
            (double error, float x) = Recheck(row, contenders[i].Function, results[i].Worst, derivative);
            yield return new()
            {
                Function = row.Name,
                Type = "float",
                Quantity = derivative ? "derivative" : "value",
                Who = contenders[i].Name,
                Inputs = ((1L << 32) + stride - 1) / stride,
                MaxUlp = error,
                WorstInput = x,
                MeanUlp = results[i].Sum / Math.Max(1, results[i].Count),
                Seconds = seconds,
            };
        }
    }

    /// <summary>Doubles: a stratified sample against 256 bits.</summary>
    public static IEnumerable<Measurement> Doubles(Row row, bool derivative, bool peers, int perRange, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        double[] x = [.. row.Inputs<double>(perRange).Where(x => !derivative || x != 0)];
        List<(string Name, SpanFunction<double> Function)> contenders = [("FastGrad", derivative ? row.Double.Derivatives : row.Double.Values)];
        if (peers && !derivative)
            contenders.AddRange(Peers<double>.Of(row.Name));
        double[][] y = [.. contenders.Select(_ => new double[x.Length])];
        for (int f = 0; f < y.Length; f++)
            contenders[f].Function(x, y[f]);
        var worst = new (double Error, double X)[y.Length];
        double[] sum = new double[y.Length];
        long[] count = new long[y.Length];
        for (int i = 0; i < x.Length; i++)
        {
            stop.ThrowIfCancellationRequested();
            for (int f = 0; f < y.Length; f++)
            {
                double error = derivative ? row.DerivativeError(y[f][i], x[i]) : row.Error(y[f][i], x[i]);
                if (error > worst[f].Error)
                    worst[f] = (error, x[i]);
                if (!double.IsFinite(error))
                    continue;
                sum[f] += error;
                count[f]++;
            }
        }
        for (int f = 0; f < y.Length; f++)
        {
            yield return new()
            {
                Function = row.Name,
                Type = "double",
                Quantity = derivative ? "derivative" : "value",
                Who = contenders[f].Name,
                Inputs = x.Length,
                MaxUlp = worst[f].Error,
                WorstInput = worst[f].X,
                MeanUlp = sum[f] / Math.Max(1, count[f]),
                Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            };
        }
    }

    // The references take finite numbers inside their range; where they say no, the sweep's own figure stands.
    private static (double Error, float X) Recheck(Row row, SpanFunction<float> function, (double Error, float X)[] worst, bool derivative)
    {
        // As long as several vectors: peers take another way for short spans, with other results.
        float[] x = new float[64], y = new float[64];
        (double Error, float X) most = default;
        foreach ((double error, float at) in worst.OrderByDescending(entry => entry.Error).Take(Rechecked))
        {
            double certain = error;
            if (double.IsFinite(error) && float.IsFinite(at) && at != 0)
            {
                Array.Fill(x, at);
                function(x, y);
                try
                {
                    certain = derivative ? row.DerivativeError(y[0], at) : row.Error(y[0], at);
                }
                catch (ArgumentOutOfRangeException)
                {
                    certain = error;
                }
            }
            if (certain > most.Error)
                most = (certain, at);
        }
        return most;
    }
}
