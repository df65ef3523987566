namespace FastGrad.Plugins.FirstOrder;

/// <summary>A step length that fulfils the strong Wolfe conditions: Nocedal and Wright 2006, algorithms 3.5 (bracketing) and 3.6 (zooming).</summary>
/// <remarks>Decisions and constants are those of PyTorch's <c>_strong_wolfe</c>, which follows M. Schmidt's minFunc.</remarks>
internal static class WolfeSearch
{
    private const double Decrease = 1e-4, Curvature = 0.9;
    private const int MostEvaluations = 25;

    // The change of a parameter below which an interval is small enough: PyTorch's search has its own, whatever the optimizer's tolerance_change.
    private const double SmallestChange = 1e-9;

    /// <summary>Searches from <paramref name="first"/> on.</summary>
    /// <param name="line">The line.</param>
    /// <param name="loss">The loss at its start.</param>
    /// <param name="slope">The slope there, negative.</param>
    /// <param name="first">The first length tried.</param>
    /// <param name="largest">The direction's largest element.</param>
    /// <returns>The length, the loss there, and the evaluations made. The gradient there has been taken.</returns>
    public static (double Length, double Loss, long Evaluations) Run<TLine>(TLine line, double loss, double slope, double first, double largest)
        where TLine : ILine, allows ref struct
    {
        Point start = new(0, loss, slope, -1), previous = start, current = At(line, first, end: 0);
        int iteration = 0;
        bool found = false;
        Span<Point> ends = [previous, current];
        for (; ; iteration++)
        {
            ends[1] = current;
            if (iteration == MostEvaluations)
            {
                ends[0] = start;
                break;
            }
            ends[0] = previous;
            if (TooHigh(current) || (iteration > 1 && current.Loss >= previous.Loss))
                break;
            if (Math.Abs(current.Slope) <= -Curvature * slope)
            {
                ends[0] = current;
                found = true;
                break;
            }
            if (current.Slope >= 0)
                break;
            double next = Between(previous, current, current.Length + 0.01 * (current.Length - previous.Length), current.Length * 10);
            previous = current;
            current = At(line, next, end: 1 - previous.End);
        }

        long evaluations = iteration + 1;
        bool stalled = false;
        int low = ends[0].Loss <= ends[1].Loss ? 0 : 1;
        for (; !found && iteration < MostEvaluations; iteration++, evaluations++)
        {
            double left = Math.Min(ends[0].Length, ends[1].Length), right = Math.Max(ends[0].Length, ends[1].Length);
            if ((right - left) * largest < SmallestChange)
                break;
            double length = Between(ends[0], ends[1], left, right), margin = 0.1 * (right - left);
            bool close = Math.Min(right - length, length - left) < margin;
            if (close && (stalled || length >= right || length <= left))
            {
                length = Math.Abs(length - right) < Math.Abs(length - left) ? right - margin : left + margin;
                close = false;
            }
            stalled = close;

            (double value, double steepness) = line.Evaluate(length);
            Point point = new(length, value, steepness, 0);
            if (TooHigh(point) || value >= ends[low].Loss)
            {
                Replace(line, ends, 1 - low, point);
                low = ends[0].Loss <= ends[1].Loss ? 0 : 1;
                continue;
            }
            if (Math.Abs(steepness) <= -Curvature * slope)
                found = true;
            else if (steepness * (ends[1 - low].Length - ends[low].Length) >= 0)
                ends[1 - low] = ends[low];
            Replace(line, ends, low, point);
        }
        line.Take(ends[low].End);
        return (ends[low].Length, ends[low].Loss, evaluations);

        bool TooHigh(Point point) => point.Loss > loss + Decrease * point.Length * slope;
    }

    private static Point At<TLine>(TLine line, double length, int end)
        where TLine : ILine, allows ref struct
    {
        (double loss, double slope) = line.Evaluate(length);
        line.Keep(end);
        return new(length, loss, slope, end);
    }

    private static void Replace<TLine>(TLine line, Span<Point> ends, int which, Point point)
        where TLine : ILine, allows ref struct
    {
        int end = ends[1 - which].End == 0 ? 1 : 0; // where the other end's gradient is not
        line.Keep(end);
        ends[which] = point with { End = end };
    }

    private static double Between(Point a, Point b, double low, double high) =>
        CubicInterpolation.Minimizer(a.Length, a.Loss, a.Slope, b.Length, b.Loss, b.Slope, low, high);

    private readonly record struct Point(double Length, double Loss, double Slope, int End);
}
