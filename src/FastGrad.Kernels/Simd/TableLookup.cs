using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FastGrad.Kernels.Simd;

/// <summary>Lane by lane, the entry of a table of 16 that the index's four low bits name.</summary>
/// <remarks>
/// AVX-512 holds 16 floats in one register and reads it by one permutation; AVX2 takes two permutations and a blend; NEON reads four registers at
/// once. Elsewhere, and for double on narrow machines, lanes are read one after the other. A selection: every way gives the same bits.
/// </remarks>
internal static class TableLookup
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Read(ref readonly float table, Vector512<int> index) => Avx512F.IsSupported
        ? Avx512F.PermuteVar16x32(Vector512.LoadUnsafe(in table), index)
        : Vector512.Create(Read(in table, index.GetLower()), Read(in table, index.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Read(ref readonly double table, Vector512<long> index) => Avx512F.IsSupported
        ? Avx512F.PermuteVar8x64x2(Vector512.LoadUnsafe(in table), index, Vector512.LoadUnsafe(in table, 8))
        : Vector512.Create(Read(in table, index.GetLower()), Read(in table, index.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Read(ref readonly float table, Vector256<int> index)
    {
        if (!Avx2.IsSupported)
            return Vector256.Create(Read(in table, index.GetLower()), Read(in table, index.GetUpper()));
        Vector256<float> low = Avx2.PermuteVar8x32(Vector256.LoadUnsafe(in table), index);
        Vector256<float> high = Avx2.PermuteVar8x32(Vector256.LoadUnsafe(in table, 8), index);
        return Avx.BlendVariable(low, high, (index << 28).AsSingle()); // by bit 3
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Read(ref readonly double table, Vector256<long> index) =>
        Vector256.Create(Read(in table, index.GetLower()), Read(in table, index.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Read(ref readonly float table, Vector128<int> index)
    {
        if (!AdvSimd.Arm64.IsSupported)
            return Vector128.Create(
                Read(in table, index.ToScalar()), Read(in table, index.GetElement(1)), Read(in table, index.GetElement(2)), Read(in table, index.GetElement(3)));

        // Four bytes of each entry: 4·index + 0…3, out of 64.
        Vector128<int> bytes = (index & Vector128.Create(15)) * 0x04040404 + Vector128.Create(0x03020100);
        ref byte bytesOfTable = ref Unsafe.As<float, byte>(ref Unsafe.AsRef(in table));
        return AdvSimd.Arm64.VectorTableLookup(
            (Vector128.LoadUnsafe(ref bytesOfTable), Vector128.LoadUnsafe(ref bytesOfTable, 16), Vector128.LoadUnsafe(ref bytesOfTable, 32), Vector128.LoadUnsafe(ref bytesOfTable, 48)),
            bytes.AsByte()).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Read(ref readonly double table, Vector128<long> index) =>
        Vector128.Create(Read(in table, (int)index.ToScalar()), Read(in table, (int)index.GetElement(1)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Read<T>(ref readonly T table, int index)
        where T : unmanaged => Unsafe.Add(ref Unsafe.AsRef(in table), index & 15);
}
