using System.Numerics;
using FastGrad.Optimization.Gradients;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Schedules;
using FastGrad.Optimization.State;

namespace FastGrad.Optimization;

/// <summary>The optimizer that surrounds an update method: groups, state, schedules, counters, clipping, checkpoints.</summary>
internal sealed class Engine<T, TOptions> : Optimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptions : class, new()
{
    private readonly OptimizerDefinition _definition;
    private readonly OptimizerSettings _settings;
    private readonly IParameter<T>[] _parameters;
    private readonly OptimizerGroup<TOptions>[] _groups;
    private readonly StepUnit<T, TOptions>[] _units;
    private readonly StateEntry[] _state;
    private readonly long[] _updates = [0];
    private readonly double _clipNorm, _clipValue;
    private readonly (StepUnit<T, TOptions> Unit, ParameterState<T, TOptions> State)[] _places;
    private T[][]? _trainingWeights;
    private bool _evaluating;

    public Engine(
        OptimizerDefinition<TOptions> definition,
        IReadOnlyList<IParameter<T>> parameters,
        TOptions options,
        OptimizerSettings settings,
        Func<OptimizerConfiguration<TOptions>, UpdateMethod<T, TOptions>> method)
    {
        settings.Check();
        (_definition, _settings, _parameters) = (definition, settings, [.. parameters]);
        (_clipNorm, _clipValue) = (settings.ClipNorm ?? double.PositiveInfinity, settings.ClipValue ?? double.PositiveInfinity);
        int[] membership = Grouping.Assign(definition.Name, _parameters, settings.Groups);

        List<OptimizerGroup<TOptions>> groups = [];
        List<StepUnit<T, TOptions>> units = [];
        ParameterState<T, TOptions>[] states = new ParameterState<T, TOptions>[_parameters.Length];
        UpdateMethod<T, TOptions>? common = null;
        bool together = definition.Coupling == Coupling.All;
        StateBlock<T>? shared = null;
        foreach ((ParameterGroup declared, int g) in settings.Groups.Select((d, g) => (d, g)))
        {
            int[] members = [.. Enumerable.Range(0, _parameters.Length).Where(i => membership[i] == g)];
            OptimizerGroup<TOptions> group = Grouping.Create(definition.Options, declared, options, settings, [.. members.Select(i => _parameters[i].Info)]);
            groups.Add(group);
            if (members.Length == 0)
                continue;

            OptimizerConfiguration<TOptions> configuration = new(definition.Options, group.Options, group.Scheduled);
            UpdateMethod<T, TOptions> own = together ? common ??= method(configuration) : method(configuration);
            StateArena<T> arena = new();
            if (!together || shared is null)
            {
                SlotSet sharedSlots = new(null);
                own.DeclareShared(sharedSlots);
                shared = arena.Add(together ? "@all" : $"@{declared.Name}", sharedSlots);
            }
            foreach (int i in members)
            {
                SlotSet slots = new(_parameters[i].Info);
                own.Declare(_parameters[i].Info, slots);
                bool exempt = settings.NoDecay.Contains(_parameters[i].Info.Role);
                TOptions effective = exempt ? group.WithoutDecay : group.Options;
                states[i] = new(_parameters[i], i, effective, (together ? 2 * g : 0) + (exempt ? 1 : 0), arena.Add(_parameters[i].Info.Name, slots));
            }
            arena.Allocate(declared.Name);
            if (!together)
                units.Add(new(own, group.Options, [.. members.Select(i => states[i])], shared));
        }
        if (together && common is not null)
            units.Add(new(common, groups.First(g => g.Parameters.Count > 0).Options, states, shared!));

        (_groups, _units) = ([.. groups], [.. units]);
        _places = [.. _units.SelectMany(u => u.Parameters.Select(p => (u, p))).OrderBy(place => place.p.Index)];
        UpdatesSeparately = definition.Coupling is Coupling.Element or Coupling.Tensor && definition.Needs == OptimizerNeeds.None
            && settings is { ClipNorm: null, ClipValue: null, MeasureNorm: false, NonFinite: NonFinitePolicy.Propagate } && !_units.Any(u => u.Shared.Entries().Any());
        _state =
        [
            .. states.SelectMany(s => s.Entries()),
            .. _units.SelectMany(u => u.Shared.Entries()),
            StateEntry.Of("@optimizer", "updates", [], _updates.AsMemory()),
        ];
    }

    public override string Name => _definition.Name;

    public override OptimizerNeeds Needs => _definition.Needs;

    public override IReadOnlyList<IParameter<T>> Parameters => _parameters;

    public override IReadOnlyList<OptimizerGroup> Groups => _groups;

    public override long Updates => _updates[0];

    public override IReadOnlyList<StateEntry> State => _state;

    public override WeightsInUse WeightsInUse => _evaluating ? WeightsInUse.Evaluation : WeightsInUse.Training;

    public override StepReport Step(Objective<T>? objective = null)
    {
        if (_evaluating)
            throw new InvalidOperationException($"{Name}: a step while evaluation weights are in use; dispose their scope first.");
        if ((Needs & ~(objective?.Supplies ?? OptimizerNeeds.None)) is var lacking and not OptimizerNeeds.None)
            throw new InvalidOperationException($"{Name} needs {lacking}, which the step's objective does not supply.");

        if (_settings.NonFinite != NonFinitePolicy.Propagate && GradientClipping.FindNonFinite<T>(_parameters) is { } culprit)
        {
            return _settings.NonFinite == NonFinitePolicy.Skip
                ? new(Applied: false, double.NaN, 1)
                : throw new ArithmeticException($"{Name}: the gradient of '{culprit}' holds a NaN or an infinity at update {Updates}.");
        }
        (double norm, double coefficient) = Clip();

        foreach (OptimizerGroup<TOptions> group in _groups)
            group.ApplySchedules(Updates);
        bool any = false;
        foreach (StepUnit<T, TOptions> unit in _units)
        {
            unit.Find();
            any |= !unit.Active.IsEmpty;
        }
        if (!any)
            return new(Applied: false, norm, coefficient);
        _updates[0]++;
        foreach (StepUnit<T, TOptions> unit in _units)
        {
            if (unit.Active.IsEmpty)
                continue;
            unit.Count();
            unit.Method.Step(new StepContext<T, TOptions>(unit, objective, Workers, Updates));
        }
        return new(Applied: true, norm, coefficient);
    }

    public override bool UpdatesSeparately { get; }

    public override void BeginUpdates()
    {
        if (!UpdatesSeparately)
            base.BeginUpdates();
        if (_evaluating)
            throw new InvalidOperationException($"{Name}: a step while evaluation weights are in use; dispose their scope first.");
        foreach (OptimizerGroup<TOptions> group in _groups)
            group.ApplySchedules(Updates);
        _updates[0]++;
    }

    public override void Update(int parameter)
    {
        if (!UpdatesSeparately)
            base.Update(parameter);
        (StepUnit<T, TOptions> unit, ParameterState<T, TOptions> state) = _places[parameter];
        unit.FindOnly(state);
        unit.Count();
        unit.Method.Step(new StepContext<T, TOptions>(unit, null, Workers, Updates));
    }

    public override StepReport EndUpdates() => UpdatesSeparately ? new(Applied: true, double.NaN, 1) : base.EndUpdates();

    public override EvaluationScope EvaluationWeights()
    {
        if (_evaluating)
            throw new InvalidOperationException($"{Name}: evaluation weights are in use already.");
        if (!_units.Any(u => u.Method.HasEvaluationWeights))
            return base.EvaluationWeights();
        // Swapping back by arithmetic would round; a copy of the training weights does not.
        _trainingWeights ??= [.. _parameters.Select(p => new T[p.Info.Count])];
        for (int i = 0; i < _parameters.Length; i++)
            _parameters[i].Value.CopyTo(_trainingWeights[i]);
        _evaluating = true;
        try
        {
            foreach (StepUnit<T, TOptions> unit in _units.Where(u => u.Method.HasEvaluationWeights))
            {
                foreach (ParameterState<T, TOptions> parameter in unit.Parameters)
                {
                    T[] weights = new T[parameter.Info.Count];
                    unit.Method.WriteEvaluationWeights(parameter, weights);
                    weights.CopyTo(parameter.Value);
                }
            }
        }
        catch
        {
            RestoreTrainingWeights();
            throw;
        }
        return new(RestoreTrainingWeights);
    }

    public override void LoadState(IEnumerable<StateTensor> tensors)
    {
        if (_evaluating)
            throw new InvalidOperationException($"{Name}: a load while evaluation weights are in use; dispose their scope first.");
        base.LoadState(tensors);
    }

    private void RestoreTrainingWeights()
    {
        for (int i = 0; i < _parameters.Length; i++)
            _trainingWeights![i].CopyTo(_parameters[i].Value);
        _evaluating = false;
    }

    private (double Norm, double Coefficient) Clip()
    {
        if (_clipValue < double.PositiveInfinity)
            GradientClipping.ByValue<T>(_parameters, _clipValue, Workers);
        if (_clipNorm < double.PositiveInfinity)
            return GradientClipping.ByNorm<T>(_parameters, _clipNorm, Workers);
        return (_settings.MeasureNorm ? GradientClipping.Norm<T>(_parameters) : double.NaN, 1);
    }
}
