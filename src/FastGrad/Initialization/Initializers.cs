using System.Numerics;

namespace FastGrad.Initialization;

/// <summary>The initializers by name.</summary>
/// <remarks>Weights have shape [out, in, …]; <see cref="Fan"/> says what fan_in and fan_out are.</remarks>
public static class Initializers
{
    /// <summary>Uniform on ±gain·√(6/(fan_in + fan_out)). Glorot and Bengio 2010, eq. 16.</summary>
    public static IInitializer<T> XavierUniform<T>(double gain = Gain.Linear)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new VarianceScaling<T>(gain, FanMode.Average, normal: false);

    /// <summary>Normal with standard deviation gain·√(2/(fan_in + fan_out)). Glorot and Bengio 2010, eq. 12.</summary>
    public static IInitializer<T> XavierNormal<T>(double gain = Gain.Linear)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new VarianceScaling<T>(gain, FanMode.Average, normal: true);

    /// <summary>Uniform on ±gain·√(3/fan). He et al. 2015, arXiv:1502.01852, eq. 10, as uniform numbers of the same variance.</summary>
    public static IInitializer<T> HeUniform<T>(double gain = Gain.Relu, FanMode mode = FanMode.In)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new VarianceScaling<T>(gain, mode, normal: false);

    /// <summary>Normal with standard deviation gain/√fan. He et al. 2015, arXiv:1502.01852, eq. 10.</summary>
    public static IInitializer<T> HeNormal<T>(double gain = Gain.Relu, FanMode mode = FanMode.In)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new VarianceScaling<T>(gain, mode, normal: true);

    /// <summary>Uniform on ±√(3/fan_in). LeCun et al. 1998, "Efficient BackProp", eq. 16.</summary>
    public static IInitializer<T> LeCunUniform<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new VarianceScaling<T>(Gain.Linear, FanMode.In, normal: false);

    /// <summary>Normal with standard deviation 1/√fan_in. LeCun et al. 1998, "Efficient BackProp", eq. 16. Not truncated, unlike Keras's.</summary>
    public static IInitializer<T> LeCunNormal<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new VarianceScaling<T>(Gain.Linear, FanMode.In, normal: true);

    /// <summary>Zeros.</summary>
    public static IInitializer<T> Zeros<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new ConstantInitializer<T>(T.Zero);

    /// <summary>One value everywhere.</summary>
    public static IInitializer<T> Constant<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new ConstantInitializer<T>(value);

    /// <summary>Uniform on [low, high).</summary>
    public static IInitializer<T> Uniform<T>(T low, T high)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new UniformInitializer<T>(low, high);

    /// <summary>Normal with the given mean and standard deviation.</summary>
    public static IInitializer<T> Normal<T>(T mean, T deviation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new NormalInitializer<T>(mean, deviation);

    /// <summary>Normal with the given mean and standard deviation, held within [low, high] by drawing again. As torch.nn.init.trunc_normal_.</summary>
    /// <exception cref="ArgumentException">The deviation is not positive, or the bounds are not in order.</exception>
    public static IInitializer<T> TruncatedNormal<T>(double mean = 0, double deviation = 1, double low = -2, double high = 2)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new TruncatedNormalInitializer<T>(mean, deviation, low, high);

    /// <summary>Orthogonal rows or columns of length gain. Saxe, McClelland, Ganguli 2013, arXiv:1312.6120.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not positive and finite.</exception>
    public static IInitializer<T> Orthogonal<T>(double gain = Gain.Linear)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new OrthogonalInitializer<T>(gain);

    /// <summary>Normal with a fraction of zeros in each column. Martens 2010.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The sparsity is not within 0 and 1.</exception>
    public static IInitializer<T> Sparse<T>(double sparsity, double deviation = 0.01)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new SparseInitializer<T>(sparsity, deviation);

    /// <summary>The identity map, of matrices and of convolutions.</summary>
    public static IInitializer<T> Identity<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new IdentityInitializer<T>();
}
