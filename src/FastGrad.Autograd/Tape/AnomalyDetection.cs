using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>While it lives, the first operation of this thread that makes NaN or ∞ throws and says where: <c>using var _ = new AnomalyDetection();</c></summary>
/// <remarks>
/// <para>
/// It watches forward and backward passes. The message has the operator, the call site, the inputs' shapes and ranges, and the first bad
/// element; for a gradient also where its operation was recorded. Every result is read once more, so it is for finding faults.
/// </para>
/// <para>Values that come in (data, masks of −∞) do not throw; NaN that an operation makes of them does.</para>
/// <para>A ref struct: it cannot live across an await, nor move to another thread.</para>
/// </remarks>
public ref struct AnomalyDetection : IDisposable
{
    private readonly Watch _before;
    private bool _entered;

    /// <summary>Starts watching for NaN and ∞.</summary>
    public AnomalyDetection()
        : this(allowInfinity: false)
    {
    }

    /// <summary>Starts watching.</summary>
    /// <param name="allowInfinity">Whether only NaN throws.</param>
    public AnomalyDetection(bool allowInfinity)
    {
        _before = ThreadState.Current.Watch;
        ThreadState.Current.Watch = allowInfinity ? Watch.NaN : Watch.NonFinite;
        _entered = true;
    }

    internal enum Watch
    {
        Off,
        NaN,
        NonFinite,
    }

    /// <summary>Whether this thread watches.</summary>
    public static bool IsActive => ThreadState.Current.Watch != Watch.Off;

    /// <summary>Stops watching, unless an outer one is alive.</summary>
    public void Dispose()
    {
        if (_entered)
            ThreadState.Current.Watch = _before;
        _entered = false;
    }

    /// <summary>The place outside of this assembly from which the operation came.</summary>
    internal static string CallSite()
    {
        foreach (StackFrame frame in new StackTrace(fNeedFileInfo: true).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { } method || method.DeclaringAssemblyName == ThisAssembly)
                continue;
            string place = frame.GetFileName() is { } file ? $" in {Path.GetFileName(file)}, line {frame.GetFileLineNumber()}" : "";
            return $"{method.DeclaringTypeName}.{method.Name}{place}";
        }
        return "an unknown place";
    }

    /// <summary>Throws if an operation's output has a bad element that its inputs do not explain.</summary>
    internal static void CheckOutput<T>(Primitive<T> primitive, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (FirstBad(output) is { } bad && !Explains(inputs, bad))
            throw new NotFiniteNumberException($"'{primitive.Name}', called at {CallSite()}, gave {bad} in a result of shape {output.Shape} from {Ranges(inputs)}.");
    }

    /// <summary>Throws if an operation sent a bad gradient to an input, though the gradient that came was good.</summary>
    internal static void CheckGradient<T>(Node<T> node, int input, Tensor<T> dy, Tensor<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (FirstBad(dx) is { } bad && !Explains([dy], bad))
            throw new NotFiniteNumberException($"The gradient of '{node.Primitive.Name}' for its input {input} has {bad} in shape {dx.Shape}. The operation was called at {node.CallSite ?? "a place that was not watched"}; the result's gradient has {Ranges<T>([dy])}, and what it saved {Ranges<T>([.. node.Saved])}.");
    }

    private static readonly string? ThisAssembly = typeof(AnomalyDetection).Assembly.FullName;

    // A bad value that comes in passes on; but ∞ in and NaN out is this operation's doing.
    private static bool Explains<T>(ReadOnlySpan<Tensor<T>> inputs, Bad bad)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (Tensor<T> input in inputs)
        {
            if (FirstBad(input) is { } incoming && (incoming.IsNaN || !bad.IsNaN))
                return true;
        }
        return false;
    }

    private static Bad? FirstBad<T>(Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> elements = tensor.Contiguous().Dense();
        Bad? infinite = null;
        for (int i = 0; i < elements.Length; i++)
        {
            if (T.IsNaN(elements[i]))
                return new(i, "NaN", IsNaN: true); // NaN explains more than ∞, wherever it stands
            if (infinite is null && ThreadState.Current.Watch == Watch.NonFinite && T.IsInfinity(elements[i]))
                infinite = new(i, T.IsNegative(elements[i]) ? "−∞" : "∞", IsNaN: false);
        }
        return infinite;
    }

    private static string Ranges<T>(ReadOnlySpan<Tensor<T>> tensors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        StringBuilder text = new();
        foreach (Tensor<T> tensor in tensors)
        {
            text.Append(text.Length == 0 ? "" : ", ").Append(tensor.Name ?? "a tensor").Append(CultureInfo.InvariantCulture, $" of shape {tensor.Shape}");
            T low = T.PositiveInfinity, high = T.NegativeInfinity;
            foreach (T x in tensor.Contiguous().Dense())
                (low, high) = (T.MinNumber(low, x), T.MaxNumber(high, x));
            if (tensor.Length > 0)
                text.Append(CultureInfo.InvariantCulture, $" from {low} to {high}");
        }
        return text.Length == 0 ? "nothing" : text.ToString();
    }

    private readonly record struct Bad(int Position, string Value, bool IsNaN)
    {
        public override string ToString() => $"{Value} at position {Position}";
    }
}
