using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Eight lanes of one line against each of three others.</summary>
internal readonly unsafe struct Trio
{
    private readonly Vector256<float> _first, _second, _third;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Trio(Vector256<float> first, Vector256<float> second, Vector256<float> third)
    {
        _first = first;
        _second = second;
        _third = third;
    }

    /// <summary>One more step of every lane: x against each of the three.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Trio Step(Vector256<float> x, Vector256<float> y0, Vector256<float> y1, Vector256<float> y2) =>
        new(Fma.MultiplyAdd(x, y0, _first), Fma.MultiplyAdd(x, y1, _second), Fma.MultiplyAdd(x, y2, _third));

    /// <summary>Leaves the lanes in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* lanes)
    {
        _first.Store(lanes);
        _second.Store(lanes + 8);
        _third.Store(lanes + 16);
    }
}
