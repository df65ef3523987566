using System.Numerics;
using FastGrad.Kernels.Activations;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;

namespace FastGrad.Autograd;

/// <summary>Further activations, with PyTorch's names, defaults and slopes at kinks.</summary>
/// <remarks>Formulas and accuracy are those of the operators in FastGrad.Kernels.Activations; conventions at kinks in docs/derivatives.md.</remarks>
public static class TensorActivations
{
    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>x for x &gt; 0, a·x else, with a learned slope a: one number, or one for each element or channel by broadcasting.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<T> PRelu(Tensor<T> weight) => x.Zip(weight, default(PRelu<T>));

        /// <summary>min(max(x, 0), 6).</summary>
        public Tensor<T> Relu6() => x.Map(new HardTanh<T>(T.Zero, T.CreateTruncating(6)));

        /// <summary>x for x &gt; 0, α·(e^(x/α) − 1) else.</summary>
        public Tensor<T> Celu(double alpha = 1) => x.Map(new Celu<T>(T.CreateTruncating(alpha)));

        /// <summary>λx for x &gt; 0, λα·(eˣ − 1) else.</summary>
        public Tensor<T> Selu() => x.Map(default(Selu<T>));

        /// <summary>x·tanh(log(1 + eˣ)).</summary>
        public Tensor<T> Mish() => x.Map(default(Mish<T>));

        /// <summary>log(1 + e^(βx))/β.</summary>
        public Tensor<T> Softplus(double beta) => x.Map(new ScaledSoftplus<T>(T.CreateTruncating(beta)));

        /// <summary>x/(1 + |x|).</summary>
        public Tensor<T> Softsign() => x.Map(default(Softsign<T>));

        /// <summary>log σ(x).</summary>
        public Tensor<T> LogSigmoid() => x.Map(default(LogSigmoid<T>));

        /// <summary>min(max(x + 3, 0), 6)/6.</summary>
        public Tensor<T> HardSigmoid() => x.Map(default(HardSigmoid<T>));

        /// <summary>x·min(max(x + 3, 0), 6)/6.</summary>
        public Tensor<T> HardSwish() => x.Map(default(HardSwish<T>));

        /// <summary>x clamped to min…max, with slope 0 at both ends.</summary>
        public Tensor<T> HardTanh(double min = -1, double max = 1) => x.Map(new HardTanh<T>(T.CreateTruncating(min), T.CreateTruncating(max)));

        /// <summary>x for |x| &gt; λ, else 0.</summary>
        public Tensor<T> HardShrink(double lambda = 0.5) => x.Map(new HardShrink<T>(T.CreateTruncating(lambda)));

        /// <summary>x less λ towards 0: the proximal step of λ·|x|.</summary>
        public Tensor<T> SoftShrink(double lambda = 0.5) => x.Map(new SoftShrink<T>(T.CreateTruncating(lambda)));

        /// <summary>x − tanh x.</summary>
        public Tensor<T> TanhShrink() => x.Map(default(TanhShrink<T>));

        /// <summary>x for x &gt; threshold, else value.</summary>
        public Tensor<T> Threshold(double threshold, double value) => x.Map(new Threshold<T>(T.CreateTruncating(threshold), T.CreateTruncating(value)));

        /// <summary>max(x, 0)².</summary>
        public Tensor<T> SquaredRelu() => x.Map(default(SquaredRelu<T>));

        /// <summary>f(x)·y with the activation f as a gate.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<T> Gate<TGate>(Tensor<T> y, TGate activation)
            where TGate : struct, IUnaryOperator<T> => x.Zip(y, new Gated<TGate, T>(activation));

        /// <summary>Gated linear unit: the first half along the axis times σ of the second.</summary>
        /// <exception cref="ArgumentException">The axis has an odd length.</exception>
        public Tensor<T> Glu(int axis = -1)
        {
            (Tensor<T> value, Tensor<T> gate) = x.Halves(axis);
            return gate.Gate(value, default(Sigmoid<T>));
        }

        /// <summary>SwiGLU: SiLU of the first half along the axis times the second.</summary>
        /// <exception cref="ArgumentException">The axis has an odd length.</exception>
        public Tensor<T> SwiGlu(int axis = -1)
        {
            (Tensor<T> gate, Tensor<T> value) = x.Halves(axis);
            return gate.Gate(value, default(Silu<T>));
        }

        /// <summary>GEGLU: GELU of the first half along the axis times the second.</summary>
        /// <exception cref="ArgumentException">The axis has an odd length.</exception>
        public Tensor<T> GeGlu(int axis = -1)
        {
            (Tensor<T> gate, Tensor<T> value) = x.Halves(axis);
            return gate.Gate(value, default(Gelu<T>));
        }

        private (Tensor<T> First, Tensor<T> Second) Halves(int axis)
        {
            int a = axis < 0 ? axis + x.Shape.Rank : axis;
            if ((uint)a >= (uint)x.Shape.Rank)
                throw new ArgumentException($"axis is {axis} and the shape {x.Shape}; expected one of its axes.", nameof(axis));
            int length = x.Shape[a];
            if (length % 2 != 0)
                throw new ArgumentException($"Axis {axis} of shape {x.Shape} has length {length}; expected an even one.", nameof(axis));
            return (x.Slice(a, 0, length / 2), x.Slice(a, length / 2, length / 2));
        }
    }
}
