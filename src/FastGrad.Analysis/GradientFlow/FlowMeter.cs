using FastGrad.Autograd;
using FastGrad.Modules;

namespace FastGrad.Analysis.GradientFlow;

/// <summary>Measures what passes the layers of a network, by hooks on its modules.</summary>
/// <remarks>
/// <para>
/// What is measured are the innermost modules that are invoked; a module that calls its children's kernels itself counts as one. In the order in which they
/// first answer, a layer begins at a module with a parameter of two or more axes and goes on to the next such. Its name is that module's path.
/// </para>
/// <para>A weight that a module uses itself beside children that it invokes (an attention's projection of its inputs) counts with the first of these.</para>
/// <para>A module that is invoked several times (shared weights, steps in time) is measured over all its calls.</para>
/// </remarks>
public static class FlowMeter
{
    /// <summary>One forward and one backward pass.</summary>
    /// <remarks>Gradients of the parameters are forgotten before and after.</remarks>
    /// <param name="model">The network; what comes before its first weight is left out.</param>
    /// <param name="loss">The scalar loss: calls <c>model.Invoke</c>.</param>
    /// <exception cref="ArgumentException">The loss passes no module with a weight, or leaves one out, or no gradient comes back.</exception>
    public static FlowReport Measure(Module<double> model, Func<Tensor<double>> loss)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        Watch watch = new();
        List<ModuleHook> hooks = [];
        try
        {
            foreach ((string path, Module<double> module) in model.NamedModules())
                watch.Add(path, module, hooks);
            model.ZeroGrad();
            using TensorScope scope = new();
            Tensor<double> value = loss();
            List<Layer> layers = watch.Layers();
            if (layers.Count == 0)
                throw new ArgumentException("The loss invokes no module with a weight; expected at least one.", nameof(model));
            HashSet<Parameter<double>> passed = [.. layers.SelectMany(layer => layer.Parameters).Select(p => p.Parameter)];
            foreach (NamedParameter<double> own in model.NamedParameters().Where(p => p.Parameter.Shape.Rank >= 2 && !passed.Contains(p.Parameter)))
            {
                string inside = own.Name[..(own.Name.LastIndexOf('.') + 1)];
                Layer layer = layers.Find(l => l.Units.Exists(unit => unit.Path.StartsWith(inside, StringComparison.Ordinal)))
                    ?? throw new ArgumentException($"The loss does not pass '{own.Name}'; expected a function that invokes all of the model.", nameof(loss));
                layer.Further.Add(own);
            }
            if (value.RequiresGrad)
                value.Backward();
            if (layers.Find(layer => layer.Last.Gradients == 0) is { } cut)
                throw new ArgumentException($"No gradient comes back to '{cut.Name}'; expected a loss of the model on data, with parameters that are not frozen.", nameof(loss));
            double all = Math.Sqrt(model.NamedParameters().Sum(p => Squares(p.Tensor.Grad)));
            return new([.. layers.Select((layer, i) => layer.Measure(i + 1))], value.Item(), all);
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

    /// <summary>Which modules are innermost, told by what begins and ends between a module's beginning and end.</summary>
    private sealed class Watch
    {
        private readonly Stack<bool> _open = []; // for each module under way: whether others were invoked inside
        private readonly List<Unit> _units = [];

        public void Add(string path, Module<double> module, List<ModuleHook> hooks)
        {
            Unit unit = new(path, module);
            hooks.Add(module.RegisterForwardPreHook((_, _) =>
            {
                if (_open.TryPop(out _))
                    _open.Push(true);
                _open.Push(false);
                return null;
            }));
            hooks.Add(module.RegisterForwardHook((_, x, y) =>
            {
                if (!_open.Pop())
                {
                    if (unit.Calls++ == 0)
                        _units.Add(unit);
                    unit.Look(x, y);
                }
                return null;
            }));
            hooks.Add(module.RegisterBackwardHook((_, _, dy) => unit.Receive(dy)));
        }

        public List<Layer> Layers()
        {
            List<Layer> layers = [];
            foreach (Unit unit in _units)
            {
                if (unit.HasWeight)
                    layers.Add(new(unit.Path));
                if (layers.Count > 0)
                    layers[^1].Units.Add(unit);
            }
            return layers;
        }
    }

    /// <summary>What a module gave and got back, over all its calls.</summary>
    private sealed class Unit(string path, Module<double> module)
    {
        private long _outputs, _slopes, _flat, _units, _dead;
        private double _output, _gradient;

        public string Path => path;

        public int Calls { get; set; }

        public int Gradients { get; private set; }

        public IReadOnlyList<NamedParameter<double>> Parameters => module.NamedParameters();

        public bool HasWeight => Parameters.Any(p => p.Parameter.Shape.Rank >= 2);

        public bool IsActivation => Steepest > 0;

        public double Output => Math.Sqrt(_output / _outputs);

        public double Gradient => Math.Sqrt(_gradient);

        public double Dead => _units == 0 ? 0 : (double)_dead / _units;

        public double Saturated => module is Sigmoid<double> or Tanh<double> && _slopes > 0 ? (double)_flat / _slopes : 0;

        // The greatest slope of the activations that are known; 0 for other modules.
        private double Steepest => module switch
        {
            Sigmoid<double> => 0.25,
            Tanh<double> or Relu<double> or LeakyRelu<double> or Elu<double> or Softplus<double> or Silu<double> or Gelu<double> or GeluTanh<double> => 1,
            _ => 0,
        };

        public void Look(Tensor<double> x, Tensor<double> y)
        {
            _output += Squares(y);
            _outputs += y.Length;
            if (!IsActivation)
                return;
            // Slopes of an elementwise function: its derivative along a vector of ones.
            using NoGrad off = new();
            Tensor<double> at = x.Detach();
            double[] slopes = Transforms.Jvp<double>(module.Forward, at, Tensor.Ones<double>(at.Shape)).Tangent.ToArray();
            int units = at.Rank == 0 ? 1 : at.Shape[at.Rank - 1];
            for (int unit = 0; unit < units; unit++)
            {
                bool passes = false;
                for (int i = unit; i < slopes.Length; i += units)
                    passes |= slopes[i] != 0;
                _dead += passes ? 0 : 1;
            }
            _units += units;
            _slopes += slopes.Length;
            _flat += slopes.Count(slope => slope <= 0.1 * Steepest);
        }

        public void Receive(Tensor<double> dy)
        {
            _gradient += Squares(dy);
            Gradients++;
        }
    }

    private sealed class Layer(string name)
    {
        public string Name => name;

        public List<Unit> Units { get; } = [];

        public Unit Last => Units[^1];

        public List<NamedParameter<double>> Further { get; } = [];

        public IEnumerable<NamedParameter<double>> Parameters => Units.SelectMany(unit => unit.Parameters).Concat(Further);

        public LayerFlow Measure(int position)
        {
            Unit? activation = Units.Find(unit => unit.IsActivation);
            return new(
                position,
                name,
                Last.Output,
                Last.Gradient,
                Math.Sqrt(Parameters.Sum(p => Squares(p.Tensor.Detach()))),
                Math.Sqrt(Parameters.Sum(p => Squares(p.Tensor.Grad))),
                activation?.Dead ?? 0,
                activation?.Saturated ?? 0);
        }
    }
}
