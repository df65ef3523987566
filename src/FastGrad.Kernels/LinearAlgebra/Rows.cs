using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.LinearAlgebra;

/// <summary>The two operations on rows that factorisations are made of. Element by element, so the same bits at any width.</summary>
internal static class Rows
{
    /// <summary>y += f·x, fused.</summary>
    public static unsafe void AddScaled<T>(T f, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* px = x, py = y)
        {
            var loop = new AddScaledLoop<T> { F = f, X = px, Y = py };
            Ladder.Descend<AddScaledLoop<T>, T>(ref loop, (nuint)y.Length);
        }
    }

    /// <summary>(x, y) becomes (c·x − s·y, s·x + c·y).</summary>
    public static unsafe void Rotate<T>(T c, T s, Span<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* px = x, py = y)
        {
            var loop = new RotateLoop<T> { C = c, S = s, X = px, Y = py };
            Ladder.Descend<RotateLoop<T>, T>(ref loop, (nuint)y.Length);
        }
    }

    private unsafe struct AddScaledLoop<T> : ILoop<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T F;
        public T* X, Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly nuint ILoop<T>.Run<V>(nuint i, nuint length)
        {
            T* x = X, y = Y;
            V f = V.Create(F);
            for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
                V.Store(V.FusedMultiplyAdd(f, V.Load(in *x, i), V.Load(in *y, i)), ref *y, i);
            return i;
        }
    }

    private unsafe struct RotateLoop<T> : ILoop<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T C, S;
        public T* X, Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly nuint ILoop<T>.Run<V>(nuint i, nuint length)
        {
            T* x = X, y = Y;
            V c = V.Create(C), s = V.Create(S);
            for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
            {
                V first = V.Load(in *x, i), second = V.Load(in *y, i);
                V.Store(V.FusedMultiplyAdd(c, first, -(s * second)), ref *x, i);
                V.Store(V.FusedMultiplyAdd(s, first, c * second), ref *y, i);
            }
            return i;
        }
    }
}
