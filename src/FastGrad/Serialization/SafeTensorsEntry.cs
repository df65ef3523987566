namespace FastGrad.Serialization;

/// <summary>One tensor of a safetensors file.</summary>
public sealed class SafeTensorsEntry
{
    internal SafeTensorsEntry(string name, SafeTensorsType type, long[] shape, long begin, long end)
    {
        Name = name;
        Type = type;
        Shape = Array.AsReadOnly(shape);
        Begin = begin;
        End = end;
    }

    /// <summary>The name, unique within the file.</summary>
    public string Name { get; }

    /// <summary>The type of the elements.</summary>
    public SafeTensorsType Type { get; }

    /// <summary>The lengths of the dimensions, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The elements in row-major order, little-endian.</summary>
    public ReadOnlyMemory<byte> Data { get; internal set; }

    internal long Begin { get; }

    internal long End { get; }

    /// <summary>For example <c>F32 [128, 10]</c>.</summary>
    public override string ToString() => $"{SafeTensorsTypes.NameOf(Type)} [{string.Join(", ", Shape)}]";
}
