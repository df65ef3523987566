namespace FastGrad.Analysis.Landscapes;

/// <summary>A place on a slice's plane.</summary>
/// <param name="X">How much of the first direction.</param>
/// <param name="Y">How much of the second direction.</param>
/// <param name="Distance">How far off the plane lies what it is the foot of.</param>
public readonly record struct PlanePoint(double X, double Y, double Distance = 0);
