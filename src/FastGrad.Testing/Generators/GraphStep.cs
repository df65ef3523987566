namespace FastGrad.Testing.Generators;

/// <summary>One operation of a <see cref="RandomGraph"/>. Any numbers make a valid step: they are taken modulo what there is to choose from.</summary>
/// <param name="Operation">Which operation.</param>
/// <param name="Left">Which earlier value is the first operand.</param>
/// <param name="Right">Which earlier value is the second operand.</param>
/// <param name="Detail">Which axis, part or order.</param>
public readonly record struct GraphStep(int Operation, int Left, int Right, int Detail);
