namespace FastGrad.Serialization;

/// <summary>A file of a checkpoint, as its manifest describes it.</summary>
/// <param name="Name">The name in the folder.</param>
/// <param name="Bytes">The length.</param>
/// <param name="Sha256">SHA-256 of its bytes, as 64 lowercase hexadecimal digits.</param>
public sealed record CheckpointFile(string Name, long Bytes, string Sha256);
