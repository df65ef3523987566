using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>A function with parameters: part of a model, or a whole one.</summary>
/// <remarks>
/// <para>
/// A module declares its parameters, buffers and children by name in its constructor; nothing is found by reflection. Names
/// in a tree join with dots, as in PyTorch: the weight of a sequence's first linear map is <c>0.weight</c>.
/// </para>
/// <para>
/// <see cref="Forward"/> on several threads at once is safe where the module is in evaluation mode and nobody changes parameters.
/// </para>
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract partial class Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<(string Name, Parameter<T> Parameter)> _parameters = [];
    private readonly List<(string Name, Tensor<T> Buffer)> _buffers = [];
    private readonly HashSet<string> _counts = [];
    private readonly List<(string Name, Module<T> Module)> _children = [];

    /// <summary>Whether the module trains: what dropout and batch normalization depend on. True at first.</summary>
    public bool IsTraining { get; private set; } = true;

    /// <summary>The output for a batch of inputs: what a module computes. Call <see cref="Invoke"/>, which runs hooks too.</summary>
    /// <exception cref="ArgumentException">The input's shape does not fit.</exception>
    /// <exception cref="InvalidOperationException">A parameter has no values yet.</exception>
    public abstract Tensor<T> Forward(Tensor<T> x);

    /// <summary>
    /// Whether <see cref="Forward"/> of this module (children apart) is made of the same tensor operations on the same tensors in every call
    /// with inputs of one shape in one mode. Training then captures it once and replays it.
    /// </summary>
    /// <remarks>
    /// False unless a module says otherwise: one that draws a mask, counts its calls, looks at elements or changes a buffer would replay
    /// what it did at capture.
    /// </remarks>
    protected virtual bool IsReplayable => false;

    /// <summary>This module, and all below in order of declaration.</summary>
    internal IEnumerable<Module<T>> WithAllBelow() => _children.SelectMany(c => c.Module.WithAllBelow()).Prepend(this);

    /// <summary>The same of this module and all below.</summary>
    internal bool CanReplay => IsReplayable && !HasHooks && _children.TrueForAll(c => c.Module.CanReplay);

    /// <summary>The first of this module and all below that is not replayable, and why, in words; null where all are.</summary>
    internal string? NotReplayable(string path = "")
    {
        if (!IsReplayable || HasHooks)
        {
            string name = path.Length == 0 ? $"the model ({GetType().Name})" : $"module '{path}' ({GetType().Name})";
            return IsReplayable ? $"{name} has hooks, which may do something else in every call" : $"{name} does not say that it does the same in every call ({nameof(IsReplayable)})";
        }
        return _children.Select(c => c.Module.NotReplayable(path.Length == 0 ? c.Name : $"{path}.{c.Name}")).FirstOrDefault(found => found is not null);
    }

    /// <summary>Switches this module and all below to training mode, or to evaluation mode.</summary>
    /// <returns>This module.</returns>
    public Module<T> Train(bool training = true)
    {
        IsTraining = training;
        foreach ((_, Module<T> child) in _children)
            child.Train(training);
        return this;
    }

    /// <summary>Switches this module and all below to evaluation mode.</summary>
    /// <returns>This module.</returns>
    public Module<T> Eval() => Train(false);

    /// <summary>Gives every parameter its first values: parameter i of <see cref="NamedParameters"/> from stream i under the seed.</summary>
    /// <returns>This module.</returns>
    public Module<T> Initialize(ulong seed)
    {
        IReadOnlyList<NamedParameter<T>> parameters = NamedParameters();
        for (int i = 0; i < parameters.Count; i++)
        {
            parameters[i].Parameter.Initialize(ParameterStream.Of(seed, i));
            parameters[i].Parameter.SetName(parameters[i].Name);
        }
        return this;
    }

    /// <summary>The parameters of this module and all below with their names: its own first, then the children's in order of declaration.</summary>
    /// <remarks>A parameter that occurs in several places is listed once, under its first name.</remarks>
    public IReadOnlyList<NamedParameter<T>> NamedParameters()
    {
        List<NamedParameter<T>> found = [];
        HashSet<Parameter<T>> seen = [];
        Visit("", (prefix, module) =>
        {
            foreach ((string name, Parameter<T> parameter) in module._parameters)
            {
                if (seen.Add(parameter))
                    found.Add(new(prefix + name, parameter));
            }
        });
        return found;
    }

    /// <summary>This module, with an empty name, and all below with their names, in order of declaration.</summary>
    /// <remarks>A module that occurs in several places is listed once, under its first name.</remarks>
    public IReadOnlyList<(string Name, Module<T> Module)> NamedModules()
    {
        List<(string, Module<T>)> found = [];
        HashSet<Module<T>> seen = [];
        Visit("", (prefix, module) =>
        {
            if (seen.Add(module))
                found.Add((prefix.TrimEnd('.'), module));
        });
        return found;
    }

    /// <summary>The buffers of this module and all below with their names: saved with the model, but not trained.</summary>
    public IReadOnlyList<(string Name, Tensor<T> Buffer)> NamedBuffers()
    {
        List<(string, Tensor<T>)> found = [];
        Visit("", (prefix, module) =>
        {
            foreach ((string name, Tensor<T> buffer) in module._buffers)
                found.Add((prefix + name, buffer));
        });
        return found;
    }

    /// <summary>The names of buffers that count: whole numbers, which files hold as 64-bit integers.</summary>
    internal IReadOnlySet<string> NamedCounts()
    {
        HashSet<string> found = [];
        Visit("", (prefix, module) => found.UnionWith(module._counts.Select(name => prefix + name)));
        return found;
    }

    /// <summary>The number of elements of all parameters.</summary>
    public long ParameterCount => NamedParameters().Sum(p => (long)p.Info.Count);

    /// <summary>Forgets the gradients of all parameters.</summary>
    public void ZeroGrad()
    {
        foreach (NamedParameter<T> parameter in NamedParameters())
            parameter.Tensor.ZeroGrad();
    }

    /// <summary>Excludes all parameters from training, or takes them in again: a frozen one gets no gradient.</summary>
    /// <returns>This module.</returns>
    public Module<T> Freeze(bool frozen = true)
    {
        foreach (NamedParameter<T> parameter in NamedParameters())
            parameter.Tensor.RequiresGrad = !frozen;
        return this;
    }

    /// <summary>The tree in words: types, names, and what decides the values beside parameters. Equal for equal functions of this library's modules.</summary>
    internal string Structure()
    {
        string type = GetType().Name, children = string.Join(", ", _children.Select(c => $"{c.Name}: {c.Module.Structure()}"));
        int arity = type.IndexOf('`', StringComparison.Ordinal);
        return $"{(arity < 0 ? type : type[..arity])}{Attributes}{(children.Length == 0 ? "" : $" {{ {children} }}")}";
    }

    /// <summary>What decides the values of <see cref="Forward"/> beside parameters and children, in brackets; empty where nothing does.</summary>
    internal virtual string Attributes => "";

    /// <summary>Declares a parameter.</summary>
    /// <param name="name">Its name in this module, without a dot.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="role">What it is.</param>
    /// <param name="initializer">How its first values are made.</param>
    /// <exception cref="ArgumentException">The name is taken or invalid.</exception>
    protected Parameter<T> Declare(string name, Shape shape, ParameterRole role, IInitializer<T> initializer)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        CheckName(name);
        Parameter<T> parameter = new(name, shape, role, initializer);
        _parameters.Add((name, parameter));
        return parameter;
    }

    /// <summary>Declares a parameter that another module has declared: both train the same values.</summary>
    /// <exception cref="ArgumentException">The name is taken or invalid.</exception>
    protected Parameter<T> Share(string name, Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        CheckName(name);
        _parameters.Add((name, parameter));
        return parameter;
    }

    /// <summary>Declares a tensor that is saved with the model, but not trained.</summary>
    /// <returns>The tensor to use: a copy in memory of its own, which no scope takes back.</returns>
    /// <exception cref="ArgumentException">The name is taken or invalid.</exception>
    protected Tensor<T> Buffer(string name, Tensor<T> buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        CheckName(name);
        Tensor<T> own = Tensor.Wrap(AlignedMemory.Allocate<T>(buffer.Length), buffer.Shape);
        buffer.CopyTo(own.AsSpan());
        _buffers.Add((name, own));
        return own;
    }

    /// <summary>Declares a buffer of whole numbers, 0 at first: files hold it as 64-bit integers, as PyTorch's do.</summary>
    /// <exception cref="ArgumentException">The name is taken or invalid.</exception>
    private protected Tensor<T> CountBuffer(string name)
    {
        Tensor<T> own = Buffer(name, Tensor.Zeros<T>([]));
        _counts.Add(name);
        return own;
    }

    /// <summary>Puts other parameters in the place of a declared one, after those that there are.</summary>
    private protected void Replace(Parameter<T> parameter, params ReadOnlySpan<(string Name, Parameter<T> Parameter)> by)
    {
        _parameters.RemoveAll(p => p.Parameter == parameter);
        foreach ((string name, Parameter<T> other) in by)
            Share(name, other);
    }

    /// <summary>Declares a child.</summary>
    /// <exception cref="ArgumentException">The name is taken or invalid.</exception>
    protected TModule Child<TModule>(string name, TModule child)
        where TModule : Module<T>
    {
        ArgumentNullException.ThrowIfNull(child);
        CheckName(name);
        _children.Add((name, child));
        return child;
    }

    /// <summary>This module and all below, in order of declaration.</summary>
    internal void ForEach(Action<Module<T>> visit) => Visit("", (_, module) => visit(module));

    /// <summary>The mode of this module alone.</summary>
    internal void SetMode(bool training) => IsTraining = training;

    private void Visit(string prefix, Action<string, Module<T>> visit)
    {
        visit(prefix, this);
        foreach ((string name, Module<T> child) in _children)
            child.Visit($"{prefix}{name}.", visit);
    }

    private void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Contains('.', StringComparison.Ordinal) || name[0] == '@')
            throw new ArgumentException($"'{name}' is no name of a parameter or module: dots join names, and @ begins an optimizer's own.", nameof(name));
        if (_parameters.Exists(p => p.Name == name) || _buffers.Exists(b => b.Name == name) || _children.Exists(c => c.Name == name))
            throw new ArgumentException($"'{name}' is declared twice in a {GetType().Name}.", nameof(name));
    }
}
