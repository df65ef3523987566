using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>The sixteen lanes of one line against each of four others.</summary>
internal readonly struct Quad
{
    private readonly Vector512<float> _first, _second, _third, _fourth;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Quad(Vector512<float> first, Vector512<float> second, Vector512<float> third, Vector512<float> fourth)
    {
        _first = first;
        _second = second;
        _third = third;
        _fourth = fourth;
    }

    /// <summary>One more step of every lane: x against each of the four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Quad Step(Vector512<float> x, Vector512<float> y0, Vector512<float> y1, Vector512<float> y2, Vector512<float> y3) => new(
        Avx512F.FusedMultiplyAdd(x, y0, _first), Avx512F.FusedMultiplyAdd(x, y1, _second),
        Avx512F.FusedMultiplyAdd(x, y2, _third), Avx512F.FusedMultiplyAdd(x, y3, _fourth));

    /// <summary>Lanes l and l + 8 added, then l and l + 4: four lanes are left of each sum, the first sum's in the first quarter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Fold()
    {
        Vector512<float> a = Avx512F.Add(Avx512F.Shuffle4x128(_first, _second, 0x44), Avx512F.Shuffle4x128(_first, _second, 0xEE));
        Vector512<float> b = Avx512F.Add(Avx512F.Shuffle4x128(_third, _fourth, 0x44), Avx512F.Shuffle4x128(_third, _fourth, 0xEE));
        return Avx512F.Add(Avx512F.Shuffle4x128(a, b, 0x88), Avx512F.Shuffle4x128(a, b, 0xDD));
    }
}
