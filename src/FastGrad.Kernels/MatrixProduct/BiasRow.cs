using System.Numerics;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>The bias where no tile could add it.</summary>
internal static unsafe class BiasRow<T>
    where T : unmanaged, IAdditionOperators<T, T, T>
{
    /// <summary>C[i, j] += bias[j].</summary>
    public static void Add(in Product<T> p)
    {
        for (int i = 0; i < p.M; i++)
        {
            T* c = p.C + i * p.CRow;
            for (int j = 0; j < p.N; j++)
                c[j] += p.Bias[j];
        }
    }
}
