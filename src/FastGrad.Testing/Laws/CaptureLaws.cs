using System.Numerics;
using System.Runtime.InteropServices;
using FastGrad.Autograd;
using FsCheck;
using FsCheck.Fluent;

namespace FastGrad.Testing.Laws;

/// <summary>Captured and eager are the same to the bit, for functions made of tensor operations.</summary>
public static class CaptureLaws
{
    /// <summary>
    /// The captured program of f and its backward pass gives the bits of eager, value and gradients: when it is recorded, when it runs again, and when it runs on other numbers
    /// written into its arguments.
    /// </summary>
    /// <remarks>f must not look at elements, nor change anything: a program repeats what was recorded.</remarks>
    /// <param name="f">The function.</param>
    /// <param name="x">Its arguments.</param>
    /// <typeparam name="T">The element type.</typeparam>
    public static Property SameBits<T>(Func<Tensor<T>[], Tensor<T>> f, params Tensor<T>[] x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(x);
        T[][] numbers = [.. x.Select(t => t.ToArray())], others = [.. numbers.Select(n => n.Reverse().ToArray())];
        T[] expected = Eager(f, x, numbers), expectedOfOthers = Eager(f, x, others);
        Tensor<T>[] leaves = Leaves(x, numbers);
        Tensor<T>? value = null;
        Program program = Capture.Record<T>(() =>
        {
            value = f(leaves);
            if (value.RequiresGrad)
                value.Backward(Tensor.Ones<T>(value.Shape));
            return [value];
        });
        if (Differs(expected, Result(value!, leaves)) is { } first)
            return Prop.Label(false, $"recorded against eager: {first}");
        foreach ((T[][] next, T[] truth, string run) in (ReadOnlySpan<(T[][], T[], string)>)[(numbers, expected, "run again"), (others, expectedOfOthers, "run on other numbers")])
        {
            for (int i = 0; i < leaves.Length; i++)
            {
                next[i].CopyTo(leaves[i].AsSpan());
                leaves[i].Grad?.AsSpan().Clear();
            }
            program.Run();
            if (Differs(truth, Result(value!, leaves)) is { } other)
                return Prop.Label(false, $"{run} against eager: {other}");
        }
        return Prop.ToProperty(true);
    }

    private static T[] Eager<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] x, T[][] numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T>[] leaves = Leaves(x, numbers);
        Tensor<T> y = f(leaves);
        if (y.RequiresGrad)
            y.Backward(Tensor.Ones<T>(y.Shape));
        return Result(y, leaves);
    }

    private static Tensor<T>[] Leaves<T>(Tensor<T>[] x, T[][] numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T>[] leaves = [.. x.Select((t, i) => Tensor.From<T>(numbers[i], t.Shape))];
        foreach (Tensor<T> leaf in leaves)
            leaf.RequiresGrad = true;
        return leaves;
    }

    private static T[] Result<T>(Tensor<T> y, Tensor<T>[] leaves)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. y.ToArray(), .. leaves.SelectMany(leaf => leaf.Grad?.ToArray() ?? new T[leaf.Length])];

    // The first number whose bytes differ, in words. A gradient that was zeroed and added to may be −0 where eager has written it: the two are one number here.
    private static string? Differs<T>(T[] expected, T[] actual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < Math.Max(expected.Length, actual.Length); i++)
        {
            if (expected.Length != actual.Length)
                return $"{actual.Length} numbers, expected {expected.Length}";
            bool same = MemoryMarshal.AsBytes(expected.AsSpan(i, 1)).SequenceEqual(MemoryMarshal.AsBytes(actual.AsSpan(i, 1)));
            if (!same && !(T.IsZero(expected[i]) && T.IsZero(actual[i])))
                return $"number {i} of the value and the gradients is {actual[i]}, expected {expected[i]}";
        }
        return null;
    }
}
