using System.Numerics;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Optimization.Rules;

/// <summary>A parameter as a loop over elements sees it: where values and gradient are asked for, and where the state lies.</summary>
/// <remarks>
/// All in one line of a table. A thousand small parameters have more bytes of objects around them than an L2 cache holds, and a walk that
/// goes from object to object waits for each.
/// </remarks>
/// <param name="Parameter">Values and gradient.</param>
/// <param name="State">The array in which the slots lie.</param>
/// <param name="Offset">Where the first slot begins.</param>
/// <param name="Distance">From one slot to the next.</param>
/// <param name="Count">The elements.</param>
internal readonly record struct Segment<T>(IParameter<T> Parameter, T[] State, int Offset, int Distance, int Count)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
