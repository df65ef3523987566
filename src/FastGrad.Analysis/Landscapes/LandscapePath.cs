namespace FastGrad.Analysis.Landscapes;

/// <summary>A way over a landscape, such as an optimizer's.</summary>
/// <param name="Name">What is written beside it.</param>
/// <param name="Points">Its places in order; the first is marked as its start, the last as its end.</param>
public sealed record LandscapePath(string Name, IReadOnlyList<PlanePoint> Points);
