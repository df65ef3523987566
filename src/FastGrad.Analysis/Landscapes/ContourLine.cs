namespace FastGrad.Analysis.Landscapes;

/// <summary>One connected piece of a contour.</summary>
/// <param name="Points">Its corners in order; of a closed line the first is not repeated at the end.</param>
/// <param name="IsClosed">Whether the last point is joined to the first.</param>
public sealed record ContourLine(IReadOnlyList<PlanePoint> Points, bool IsClosed);
