namespace FastGrad.Optimization.Minimization;

/// <summary>f(x).</summary>
public delegate double ValueFunction(ReadOnlySpan<double> x);

/// <summary>Sees x with f(x).</summary>
public delegate void ValueObserver(ReadOnlySpan<double> x, double value);

/// <summary>Writes ∇f(x) and returns f(x).</summary>
public delegate double GradientFunction(ReadOnlySpan<double> x, Span<double> gradient);

/// <summary>Writes ∇²f(x), row by row: n² elements.</summary>
public delegate void HessianFunction(ReadOnlySpan<double> x, Span<double> hessian);

/// <summary>Writes ∇²f(x)·v.</summary>
public delegate void HessianProduct(ReadOnlySpan<double> x, ReadOnlySpan<double> v, Span<double> product);

/// <summary>Writes the residuals r(x): m elements.</summary>
public delegate void ResidualFunction(ReadOnlySpan<double> x, Span<double> residuals);

/// <summary>Writes ∂r/∂x, row by row: m·n elements.</summary>
public delegate void JacobianFunction(ReadOnlySpan<double> x, Span<double> jacobian);
