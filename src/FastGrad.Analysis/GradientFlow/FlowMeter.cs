using FastGrad.Autograd;
using FastGrad.Modules;

namespace FastGrad.Analysis.GradientFlow;

/// <summary>Measures what passes the layers of a sequence, by hooks on its modules.</summary>
public static class FlowMeter
{
    /// <summary>One forward and one backward pass.</summary>
    /// <remarks>A layer begins at a module with a parameter of two or more axes and goes on to the next such. Gradients of the parameters are forgotten before and after.</remarks>
    /// <param name="model">The network; what comes before its first weight is left out.</param>
    /// <param name="loss">The scalar loss: calls <c>model.Invoke</c> once.</param>
    /// <exception cref="ArgumentException">The sequence has no layers, or the loss did not call all of it.</exception>
    public static FlowReport Measure(Sequential<double> model, Func<Tensor<double>> loss)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        List<Layer> layers = [];
        for (int i = 0; i < model.Count; i++)
        {
            if (model[i].NamedParameters().Any(p => p.Parameter.Shape.Rank >= 2))
                layers.Add(new(i.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            if (layers.Count > 0)
                layers[^1].Modules.Add(model[i]);
        }
        if (layers.Count == 0)
            throw new ArgumentException("The sequence has no module with a weight; expected at least one.", nameof(model));
        List<ModuleHook> hooks = [];
        try
        {
            foreach (Layer layer in layers)
                layer.Watch(hooks);
            model.ZeroGrad();
            using TensorScope scope = new();
            Tensor<double> value = loss();
            value.Backward();
            if (layers.Exists(layer => layer.Output is null || layer.Gradient is null))
                throw new ArgumentException("The loss did not pass all layers with a gradient; expected a function that invokes the model on data, with parameters that are not frozen.", nameof(loss));
            double all = Math.Sqrt(model.NamedParameters().Sum(p => Squares(p.Tensor.Grad)));
            return new([.. layers.Select(layer => layer.Measure())], value.Item(), all);
        }
        finally
        {
            foreach (ModuleHook hook in hooks)
                hook.Dispose();
            model.ZeroGrad();
        }
    }

    private static double Squares(Tensor<double>? x) => x is null ? 0 : Squares(x.ToArray());

    private static double Squares(double[] values)
    {
        double sum = 0;
        foreach (double x in values)
            sum += x * x;
        return sum;
    }

    private sealed class Layer(string name)
    {
        private double _dead, _saturated;

        public List<Module<double>> Modules { get; } = [];

        public double[]? Output { get; private set; }

        public double[]? Gradient { get; private set; }

        public void Watch(List<ModuleHook> hooks)
        {
            Module<double> last = Modules[^1];
            hooks.Add(last.RegisterForwardHook((_, _, y) =>
            {
                Output = y.ToArray();
                return null;
            }));
            hooks.Add(last.RegisterBackwardHook((_, _, dy) => Gradient = dy.ToArray()));
            if (Modules.Find(module => Steepest(module) > 0) is { } activation)
            {
                hooks.Add(activation.RegisterForwardHook((module, x, y) =>
                {
                    Look(module, x);
                    return null;
                }));
            }
        }

        public LayerFlow Measure() => new(
            name,
            Math.Sqrt(Squares(Output!) / Output!.Length),
            Math.Sqrt(Squares(Gradient!)),
            Math.Sqrt(Modules.SelectMany(m => m.NamedParameters()).Sum(p => Squares(p.Tensor.Detach()))),
            Math.Sqrt(Modules.SelectMany(m => m.NamedParameters()).Sum(p => Squares(p.Tensor.Grad))),
            _dead,
            _saturated);

        // Slopes of an elementwise function: its derivative along a vector of ones.
        private void Look(Module<double> activation, Tensor<double> x)
        {
            using NoGrad off = new();
            Tensor<double> at = x.Detach();
            double[] slopes = Transforms.Jvp<double>(activation.Forward, at, Tensor.Ones<double>(at.Shape)).Tangent.ToArray();
            int units = at.Shape[at.Rank - 1], dead = 0;
            for (int unit = 0; unit < units; unit++)
            {
                bool passes = false;
                for (int i = unit; i < slopes.Length; i += units)
                    passes |= slopes[i] != 0;
                dead += passes ? 0 : 1;
            }
            _dead = (double)dead / units;
            if (activation is Sigmoid<double> or Tanh<double>)
                _saturated = (double)slopes.Count(slope => slope <= 0.1 * Steepest(activation)) / slopes.Length;
        }

        // The greatest slope of the activations that are known; 0 for other modules.
        private static double Steepest(Module<double> module) => module switch
        {
            Sigmoid<double> => 0.25,
            Tanh<double> or Relu<double> or LeakyRelu<double> or Elu<double> or Softplus<double> or Silu<double> or Gelu<double> or GeluTanh<double> => 1,
            _ => 0,
        };
    }
}
