using System.Numerics;

namespace FastGrad.Autograd.Primitives;

/// <summary>What an elementwise backward kernel reads and writes: known once and for all in a program, and handed over by one reference.</summary>
/// <param name="Input">The input whose gradient is wanted.</param>
/// <param name="X">The first operand; null where the derivative does not keep it.</param>
/// <param name="Y">The second operand, likewise.</param>
/// <param name="Z">The result, likewise.</param>
/// <param name="Dz">The result's gradient.</param>
/// <param name="D">The gradient that is written or added to.</param>
/// <param name="Accumulate">Whether it is added to.</param>
internal readonly record struct ElementGradient<T>(int Input, Tensor<T>? X, Tensor<T>? Y, Tensor<T>? Z, Tensor<T> Dz, Tensor<T> D, bool Accumulate)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
