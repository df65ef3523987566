using System.Numerics;
using System.Runtime.InteropServices;

namespace FastGrad.Serialization;

/// <summary>Elements of one number type as another: models come in half precision, counters of PyTorch as 64-bit integers.</summary>
/// <remarks>Each value is rounded once, to nearest; beyond the target's range it becomes infinite. BOOL is no number.</remarks>
internal static class SafeTensorsConversion
{
    /// <summary>Whether elements of this type can be read as floating-point numbers.</summary>
    public static bool IsNumber(SafeTensorsType type) => type != SafeTensorsType.BOOL;

    /// <summary>All elements of a tensor, as <typeparamref name="T"/>.</summary>
    public static T[] Read<T>(SafeTensorsEntry entry)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<byte> bytes = entry.Data.Span;
        return entry.Type switch
        {
            SafeTensorsType.F32 => From<float, T>(bytes),
            SafeTensorsType.F64 => From<double, T>(bytes),
            SafeTensorsType.F16 => From<Half, T>(bytes),
            SafeTensorsType.BF16 => FromBrain<T>(bytes),
            SafeTensorsType.I64 => From<long, T>(bytes),
            SafeTensorsType.I32 => From<int, T>(bytes),
            SafeTensorsType.I16 => From<short, T>(bytes),
            SafeTensorsType.I8 => From<sbyte, T>(bytes),
            SafeTensorsType.U64 => From<ulong, T>(bytes),
            SafeTensorsType.U32 => From<uint, T>(bytes),
            SafeTensorsType.U16 => From<ushort, T>(bytes),
            SafeTensorsType.U8 => From<byte, T>(bytes),
            _ => throw new ArgumentException($"Tensor '{entry.Name}' is {entry}; expected numbers.", nameof(entry)),
        };
    }

    private static T[] From<TSource, T>(ReadOnlySpan<byte> bytes)
        where TSource : unmanaged, INumberBase<TSource>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<TSource> source = MemoryMarshal.Cast<byte, TSource>(bytes);
        T[] values = new T[source.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = T.CreateTruncating(source[i]);
        return values;
    }

    // bfloat16 is the upper half of a binary32.
    private static T[] FromBrain<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<ushort> source = MemoryMarshal.Cast<byte, ushort>(bytes);
        T[] values = new T[source.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = T.CreateTruncating(BitConverter.Int32BitsToSingle(source[i] << 16));
        return values;
    }
}
