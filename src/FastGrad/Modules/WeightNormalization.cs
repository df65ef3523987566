namespace FastGrad.Modules;

/// <summary>A module whose weight can be parametrised by lengths and directions.</summary>
public interface IWeightNormalizable
{
    /// <summary>Puts <c>weight_g</c> and <c>weight_v</c> in the place of <c>weight</c>.</summary>
    /// <param name="axis">The axis along which each index has a length of its own; null for one length of the whole weight.</param>
    /// <exception cref="InvalidOperationException">It has been done before.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The weight has no such axis.</exception>
    void NormalizeWeight(int? axis);
}

/// <summary>Weight normalization, W = g·v/‖v‖. Salimans, Kingma 2016, <see href="https://arxiv.org/abs/1602.07868"/>, eq. 2.</summary>
public static class WeightNormalization
{
    extension<TModule>(TModule module)
        where TModule : class, IWeightNormalizable
    {
        /// <summary>Parametrises the module's weight by its lengths g and directions v, as torch.nn.utils.weight_norm.</summary>
        /// <remarks>
        /// Parameters, in PyTorch's order: <c>bias</c>, <c>weight_g</c>, <c>weight_v</c>. At first W is what it was: g = ‖v‖. Call it before an optimizer is made. With the default axis 0 each output
        /// of a linear map or convolution has a length; of a transposed convolution's outputs, give axis 1. A row of v must not be 0.
        /// </remarks>
        /// <param name="axis">The axis along which each index has a length of its own; null for one length of the whole weight.</param>
        /// <returns>The module.</returns>
        /// <exception cref="InvalidOperationException">It has been done before.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The weight has no such axis.</exception>
        public TModule WeightNorm(int? axis = 0)
        {
            ArgumentNullException.ThrowIfNull(module);
            module.NormalizeWeight(axis);
            return module;
        }
    }
}
