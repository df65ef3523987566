namespace FastGrad.Autograd;

/// <summary>What an instruction of a program took: <see cref="Program.Profile"/>.</summary>
/// <param name="Text">The instruction, as <see cref="Program.ToString"/> writes it.</param>
/// <param name="Microseconds">The median of its times.</param>
/// <param name="Forks">How often it shared work out among the threads, at most, in a run.</param>
/// <param name="Flops">
/// The floating-point operations of a product, convolution or attention, a fused multiply-add counted twice, convolutions as if direct and attention as if not
/// causal; 0 for all else.
/// </param>
public sealed record InstructionTime(string Text, double Microseconds, long Forks, double Flops = 0)
{
    /// <summary>Billions of operations a second; 0 where they are not counted.</summary>
    public double GigaflopsPerSecond => Microseconds > 0 ? Flops / Microseconds * 1e-3 : 0;
}
