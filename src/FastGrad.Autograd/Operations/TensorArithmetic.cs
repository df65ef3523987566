using System.Numerics;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;

namespace FastGrad.Autograd;

/// <summary>Arithmetic of tensors, element by element with broadcasting.</summary>
public static class TensorArithmetic
{
    extension<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>x + y.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public static Tensor<T> operator +(Tensor<T> left, Tensor<T> right) => BinaryPrimitive<Add<T>, T>.Instance.Apply(left, right);

        /// <summary>x + c.</summary>
        public static Tensor<T> operator +(Tensor<T> left, T right) => left + Tensor.Scalar(right);

        /// <summary>c + x.</summary>
        public static Tensor<T> operator +(T left, Tensor<T> right) => Tensor.Scalar(left) + right;

        /// <summary>x − y.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public static Tensor<T> operator -(Tensor<T> left, Tensor<T> right) => BinaryPrimitive<Subtract<T>, T>.Instance.Apply(left, right);

        /// <summary>x − c.</summary>
        public static Tensor<T> operator -(Tensor<T> left, T right) => left - Tensor.Scalar(right);

        /// <summary>c − x.</summary>
        public static Tensor<T> operator -(T left, Tensor<T> right) => Tensor.Scalar(left) - right;

        /// <summary>x × y.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public static Tensor<T> operator *(Tensor<T> left, Tensor<T> right) => BinaryPrimitive<Multiply<T>, T>.Instance.Apply(left, right);

        /// <summary>x × c.</summary>
        public static Tensor<T> operator *(Tensor<T> left, T right) => left * Tensor.Scalar(right);

        /// <summary>c × x.</summary>
        public static Tensor<T> operator *(T left, Tensor<T> right) => Tensor.Scalar(left) * right;

        /// <summary>x ÷ y.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public static Tensor<T> operator /(Tensor<T> left, Tensor<T> right) => BinaryPrimitive<Divide<T>, T>.Instance.Apply(left, right);

        /// <summary>x ÷ c.</summary>
        public static Tensor<T> operator /(Tensor<T> left, T right) => left / Tensor.Scalar(right);

        /// <summary>c ÷ x.</summary>
        public static Tensor<T> operator /(T left, Tensor<T> right) => Tensor.Scalar(left) / right;

        /// <summary>−x.</summary>
        public static Tensor<T> operator -(Tensor<T> value) => UnaryPrimitive<Negate<T>, T>.Instance.Apply(value);

        /// <summary>f(x) for a unary operator: the library's, or one's own. Its body alone makes it differentiable to any order.</summary>
        public Tensor<T> Map<TOperator>(TOperator op)
            where TOperator : struct, IUnaryOperator<T> => UnaryPrimitive<TOperator, T>.For(op).Apply(x);

        /// <summary>f(x, y) for a binary operator: the library's, or one's own.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<T> Zip<TOperator>(Tensor<T> y, TOperator op)
            where TOperator : struct, IBinaryOperator<T> => BinaryPrimitive<TOperator, T>.For(op).Apply(x, y);

        /// <summary>The larger of x and y; NaN where either is. At ties each side gets half of the gradient.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<T> Maximum(Tensor<T> y) => x.Zip(y, default(Maximum<T>));

        /// <summary>The smaller of x and y; NaN where either is. At ties each side gets half of the gradient.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<T> Minimum(Tensor<T> y) => x.Zip(y, default(Minimum<T>));
    }
}
