using System.Numerics;
using FastGrad.Kernels.Activations;
using FastGrad.Kernels.Convolution;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Workers;

namespace FastGrad.Legs.Cases;

/// <summary>Products and convolutions that finish their elements: activation and residual, the residual alone, an activation's derivative.</summary>
internal static unsafe class EpilogueCases
{
    private static readonly (int M, int K, int N)[] s_shapes = [(5, 300, 70), (40, 90, 9), (64, 128, 80), (130, 300, 100)];

    private static readonly (string Name, ConvolutionShape Shape)[] s_convolutions =
    [
        ("same3x3", new(2, 7, 20, new(10, 3, 1, 1), new(21, 3, 1, 1))),
        ("depthwise", new(2, 5, 5, new(9, 3, 1, 1), new(37, 3, 1, 1), 5)),
    ];

    public static IEnumerable<Case> All(WorkerTeam workers)
    {
        foreach ((int m, int k, int n) in s_shapes)
        {
            yield return new($"epilogue.gemm.{m}x{k}x{n}.float", digest => Product<float>(digest, m, k, n, workers));
            yield return new($"epilogue.gemm.{m}x{k}x{n}.double", digest => Product<double>(digest, m, k, n, workers));
        }
        foreach ((string name, ConvolutionShape shape) in s_convolutions)
        {
            yield return new($"epilogue.conv.{name}.float", digest => Convolve<float>(digest, shape, workers));
            yield return new($"epilogue.conv.{name}.double", digest => Convolve<double>(digest, shape, workers));
        }
    }

    private static void Product<T>(Digest digest, int m, int k, int n, WorkerTeam workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = Inputs.Uniform<T>(m * k, 41), b = Inputs.Uniform<T>(k * n, 42), bias = Inputs.Uniform<T>(n, 43), residual = Inputs.Uniform<T>(m * n, 44);
        T[] c = new T[m * n], before = new T[m * n];
        foreach (MatrixForm form in (MatrixForm[])[MatrixForm.NN, MatrixForm.TN, MatrixForm.NT])
        {
            int lda = form == MatrixForm.TN ? m : k, ldb = form == MatrixForm.NT ? k : n;
            Gemm.MultiplyActivate(form, m, n, k, a, lda, b, ldb, c, n, new Gelu<T>(), before, residual, bias: bias, workers: workers);
            digest.Add<T>(c);
            digest.Add<T>(before);
            fixed (T* kept = residual)
            {
                Gemm.MultiplyThen(form, m, n, k, a, lda, b, ldb, c, n, new ResidualEpilogue<T>(kept, n), workers: workers);
                digest.Add<T>(c);
                Gemm.MultiplyThen(form, m, n, k, a, lda, b, ldb, c, n, new DerivativeEpilogue<Silu<T>, T>(default, kept, n), workers: workers);
                digest.Add<T>(c);
            }
        }
    }

    private static void Convolve<T>(Digest digest, ConvolutionShape shape, WorkerTeam workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Inputs.Uniform<T>((int)shape.InputLength, 45), w = Inputs.Uniform<T>((int)shape.WeightLength, 46), residual = Inputs.Uniform<T>((int)shape.OutputLength, 47);
        T[] y = new T[residual.Length], dx = new T[x.Length], bias = Inputs.Uniform<T>(shape.OutputChannels, 48);
        fixed (T* added = residual, kept = x)
        {
            ActivationEpilogue<Relu<T>, T> forward = new(default, null, added, shape.Rows.Output * shape.Columns.Output);
            Conv.ForwardThen(shape, x, w, y, BoundEpilogue<T>.Of(ref forward), accumulate: false, bias, workers);
            DerivativeEpilogue<Gelu<T>, T> backward = new(default, kept, shape.Rows.Input * shape.Columns.Input);
            Conv.InputGradientThen(shape, residual, w, dx, BoundEpilogue<T>.Of(ref backward), workers: workers);
        }
        digest.Add<T>(y);
        digest.Add<T>(dx);
    }
}
