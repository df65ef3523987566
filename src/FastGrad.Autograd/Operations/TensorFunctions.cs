using System.Numerics;
using FastGrad.Kernels.Activations;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Functions;

namespace FastGrad.Autograd;

/// <summary>Elementary functions and activations, element by element.</summary>
/// <remarks>Accuracy, ranges and edges are those of the operators, stated in FastGrad.Kernels and docs/numerics.md.</remarks>
public static class TensorFunctions
{
    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>|x|; its derivative is 0 at 0.</summary>
        public Tensor<T> Abs() => x.Map(default(Abs<T>));

        /// <summary>x².</summary>
        public Tensor<T> Square() => x.Map(default(Square<T>));

        /// <summary>1/x.</summary>
        public Tensor<T> Reciprocal() => x.Map(default(Reciprocal<T>));

        /// <summary>√x.</summary>
        public Tensor<T> Sqrt() => x.Map(default(Sqrt<T>));

        /// <summary>eˣ.</summary>
        public Tensor<T> Exp() => x.Map(default(Exp<T>));

        /// <summary>eˣ − 1.</summary>
        public Tensor<T> Expm1() => x.Map(default(Expm1<T>));

        /// <summary>ln x.</summary>
        public Tensor<T> Log() => x.Map(default(Log<T>));

        /// <summary>ln(1 + x).</summary>
        public Tensor<T> Log1p() => x.Map(default(Log1p<T>));

        /// <summary>sin x.</summary>
        public Tensor<T> Sin() => x.Map(default(Sin<T>));

        /// <summary>cos x.</summary>
        public Tensor<T> Cos() => x.Map(default(Cos<T>));

        /// <summary>tanh x.</summary>
        public Tensor<T> Tanh() => x.Map(default(Tanh<T>));

        /// <summary>erf x.</summary>
        public Tensor<T> Erf() => x.Map(default(Erf<T>));

        /// <summary>σ(x) = 1/(1 + e⁻ˣ).</summary>
        public Tensor<T> Sigmoid() => x.Map(default(Sigmoid<T>));

        /// <summary>max(x, 0).</summary>
        public Tensor<T> Relu() => x.Map(default(Relu<T>));

        /// <summary>x for x &gt; 0, slope·x else.</summary>
        public Tensor<T> LeakyRelu(double slope = 0.01) => x.Map(new LeakyRelu<T>(T.CreateTruncating(slope)));

        /// <summary>x for x &gt; 0, α·(eˣ − 1) else.</summary>
        public Tensor<T> Elu(double alpha = 1) => x.Map(new Elu<T>(T.CreateTruncating(alpha)));

        /// <summary>x·σ(x).</summary>
        public Tensor<T> Silu() => x.Map(default(Silu<T>));

        /// <summary>x·Φ(x), with the normal distribution function Φ.</summary>
        public Tensor<T> Gelu() => x.Map(default(Gelu<T>));

        /// <summary>GELU's tanh form.</summary>
        public Tensor<T> GeluTanh() => x.Map(default(GeluTanh<T>));

        /// <summary>ln(1 + eˣ).</summary>
        public Tensor<T> Softplus() => x.Map(default(Softplus<T>));
    }
}
