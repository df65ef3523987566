using System.Runtime.InteropServices;

namespace FastGrad.Benchmarks.Peers.Contenders;

/// <summary>The system's OpenBLAS. It chooses its kernels as it is loaded, by <c>OPENBLAS_CORETYPE</c> where that is set.</summary>
internal static unsafe partial class OpenBlas
{
    public const int RowMajor = 101, NoTranspose = 111, Transpose = 112;

    private const string Library = "libopenblas.so.0";

    /// <summary>The kernels in use: SkylakeX, Haswell, Zen …</summary>
    public static string CoreName => Marshal.PtrToStringUTF8(GetCoreName())!;

    /// <summary>The version, first word of the configuration after the library's name.</summary>
    public static string Version => Marshal.PtrToStringUTF8(GetConfiguration())!.Split(' ')[1];

    [LibraryImport(Library, EntryPoint = "openblas_set_num_threads")]
    public static partial void SetThreads(int threads);

    [LibraryImport(Library, EntryPoint = "cblas_sgemm")]
    public static partial void Multiply(
        int order, int formA, int formB, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb, float beta, float* c, int ldc);

    /// <summary>The same without the runtime's bookkeeping around native calls: for products of microseconds, where that would count.</summary>
    [LibraryImport(Library, EntryPoint = "cblas_sgemm"), SuppressGCTransition]
    public static partial void MultiplyShort(
        int order, int formA, int formB, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb, float beta, float* c, int ldc);

    [LibraryImport(Library, EntryPoint = "openblas_get_corename")]
    private static partial nint GetCoreName();

    [LibraryImport(Library, EntryPoint = "openblas_get_config")]
    private static partial nint GetConfiguration();
}
