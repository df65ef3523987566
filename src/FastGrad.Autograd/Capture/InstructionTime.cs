namespace FastGrad.Autograd;

/// <summary>What an instruction of a program took: <see cref="Program.Profile"/>.</summary>
/// <param name="Text">The instruction, as <see cref="Program.ToString"/> writes it.</param>
/// <param name="Microseconds">The median of its times.</param>
/// <param name="Forks">How often it shared work out among the threads, at most, in a run.</param>
public sealed record InstructionTime(string Text, double Microseconds, long Forks);
