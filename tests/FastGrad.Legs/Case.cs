namespace FastGrad.Legs;

/// <summary>A named result: whatever it puts into the digest must have the same bits on every leg.</summary>
internal sealed record Case(string Name, Action<Digest> Compute);
