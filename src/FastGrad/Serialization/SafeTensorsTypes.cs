namespace FastGrad.Serialization;

/// <summary>What an element type is called, how large it is, and which .NET type it is.</summary>
internal static class SafeTensorsTypes
{
    private static readonly (SafeTensorsType Type, string Name, int Size)[] Table =
    [
        (SafeTensorsType.BOOL, "BOOL", 1), (SafeTensorsType.U8, "U8", 1), (SafeTensorsType.I8, "I8", 1),
        (SafeTensorsType.U16, "U16", 2), (SafeTensorsType.I16, "I16", 2), (SafeTensorsType.F16, "F16", 2), (SafeTensorsType.BF16, "BF16", 2),
        (SafeTensorsType.U32, "U32", 4), (SafeTensorsType.I32, "I32", 4), (SafeTensorsType.F32, "F32", 4),
        (SafeTensorsType.U64, "U64", 8), (SafeTensorsType.I64, "I64", 8), (SafeTensorsType.F64, "F64", 8),
    ];

    public static string NameOf(SafeTensorsType type) => Table[(int)type].Name;

    public static int SizeOf(SafeTensorsType type) => Table[(int)type].Size;

    /// <summary>The type that a header's text names, or null.</summary>
    public static SafeTensorsType? Find(string name)
    {
        foreach (var row in Table)
            if (row.Name == name)
                return row.Type;
        return null;
    }

    /// <summary>The type of the elements that .NET calls T.</summary>
    /// <exception cref="NotSupportedException">The format has none.</exception>
    public static SafeTensorsType Of<T>()
        where T : unmanaged =>
        typeof(T) == typeof(float) ? SafeTensorsType.F32
        : typeof(T) == typeof(double) ? SafeTensorsType.F64
        : typeof(T) == typeof(int) ? SafeTensorsType.I32
        : typeof(T) == typeof(long) ? SafeTensorsType.I64
        : typeof(T) == typeof(byte) ? SafeTensorsType.U8
        : typeof(T) == typeof(bool) ? SafeTensorsType.BOOL
        : typeof(T) == typeof(Half) ? SafeTensorsType.F16
        : typeof(T) == typeof(sbyte) ? SafeTensorsType.I8
        : typeof(T) == typeof(short) ? SafeTensorsType.I16
        : typeof(T) == typeof(ushort) ? SafeTensorsType.U16
        : typeof(T) == typeof(uint) ? SafeTensorsType.U32
        : typeof(T) == typeof(ulong) ? SafeTensorsType.U64
        : throw new NotSupportedException($"safetensors has no element type for {typeof(T).Name}.");
}
