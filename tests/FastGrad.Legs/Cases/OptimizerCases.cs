using System.Numerics;
using FastGrad.Kernels.Workers;
using FastGrad.Optimization;
using FastGrad.Optimization.Gradients;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Plugins;
using FastGrad.Optimization.Schedules;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Plugins.Modern;
using FastGrad.Plugins.Schedules;

namespace FastGrad.Legs.Cases;

/// <summary>Optimizer steps under a schedule and clipping, over parameters long enough to be shared out; norms; schedules.</summary>
internal static class OptimizerCases
{
    public static IEnumerable<Case> All(WorkerTeam workers) =>
    [
        .. Both("sgd", new Sgd(), workers, "momentum=0.9", "nesterov=true", "weight_decay=0.01"),
        .. Both("rmsprop", new RmsProp(), workers, "centered=true", "momentum=0.5"),
        .. Both("adam", new Adam(), workers, "amsgrad=true", "weight_decay=0.01"),
        .. Both("adamw", new AdamW(), workers),
        .. new PluginRegistry([new FirstOrderPlugin(), new ModernPlugin()]).Optimizers.SelectMany(d => new Case[]
        {
            new($"optimizer.{d.Name}.float", digest => Defaults<float>(digest, d, workers)),
            new($"optimizer.{d.Name}.double", digest => Defaults<double>(digest, d, workers)),
        }),
        new("gradient_norm.float", Norms<float>),
        new("gradient_norm.double", Norms<double>),
        new("schedules", digest =>
        {
            Exponential exponential = new(1, 0.9973);
            Cosine cosine = new(3e-4, 1e-6, 997);
            digest.Add<double>([.. Enumerable.Range(0, 1000).SelectMany(t => new[] { exponential.At(t), cosine.At(t) })]);
            foreach (ScheduleDefinition definition in new PluginRegistry([new SchedulesPlugin()]).Schedules)
            {
                ISchedule schedule = definition.Create(0.3);
                digest.Add<double>([.. Enumerable.Range(0, 2500).Select(t => schedule.At(t))]);
            }
        }),
    ];

    private static IEnumerable<Case> Both(string name, OptimizerDefinition definition, WorkerTeam workers, params string[] options) =>
    [
        new($"{name}.float", digest => Train<float>(digest, definition, options, workers)),
        new($"{name}.double", digest => Train<double>(digest, definition, options, workers)),
    ];

    private static void Train<T>(Digest digest, OptimizerDefinition definition, string[] options, WorkerTeam workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArrayParameter<T>[] parameters = [.. new[] { 70_001, 37, 1 }.Select((n, p) => new ArrayParameter<T>($"p{p}", Inputs.Uniform<T>(n, (ulong)(20 + p))))];
        Optimizer<T> optimizer = definition.Create<T>(parameters, OptionValues.Parse(options), new()
        {
            Schedules = [WarmupCosine.Definition.Bind("lr", OptionValues.Parse(["warmup=3", "steps=9"]))],
            ClipNorm = 30,
            ClipValue = 0.9,
        });
        optimizer.Workers = workers;
        for (int step = 0; step < 10; step++)
        {
            foreach (ArrayParameter<T> parameter in parameters)
                parameter.Gradient = Inputs.Uniform<T>(parameter.Values.Length, (ulong)(100 + step));
            digest.Add<double>([optimizer.Step().GradientNorm]);
        }
        foreach (ArrayParameter<T> parameter in parameters)
            digest.Add<T>(parameter.Values);
    }

    /// <summary>Every optimizer as it comes, on f(x) = ¼‖x‖² + sᵀx with s from step to step: long vectors, a matrix, a scalar.</summary>
    private static void Defaults<T>(Digest digest, OptimizerDefinition definition, WorkerTeam workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArrayParameter<T>[] parameters =
        [
            .. new int[][] { [40_001], [48, 65], [33, 5], [] }.Select((shape, p) =>
            {
                ParameterInfo info = new($"p{p}", shape);
                return new ArrayParameter<T>(info, Inputs.Uniform<T>(info.Count, (ulong)(20 + p)), new T[info.Count]);
            }),
        ];
        T half = T.ScaleB(T.One, -1);
        int now = 0;
        Optimizer<T> optimizer = definition.Create<T>(parameters);
        optimizer.Workers = workers;
        Objective<T> objective = new()
        {
            Loss = () => Evaluate(),
            Reevaluate = () => Evaluate(),
            HessianVector = (direction, product) =>
            {
                for (int p = 0; p < parameters.Length; p++)
                {
                    for (int i = 0; i < parameters[p].Values.Length; i++)
                        product(p)[i] = half * direction(p)[i];
                }
            },
        };
        for (now = 0; now < 4; now++)
        {
            Evaluate();
            optimizer.Step(objective);
        }
        foreach (ArrayParameter<T> parameter in parameters)
            digest.Add<T>(parameter.Values);

        double Evaluate()
        {
            double loss = 0;
            foreach (ArrayParameter<T> parameter in parameters)
            {
                T[] tilt = Inputs.Uniform<T>(parameter.Values.Length, (ulong)(100 + now));
                for (int i = 0; i < tilt.Length; i++)
                {
                    T x = parameter.Values[i];
                    parameter.Gradient![i] = half * x + tilt[i];
                    loss += double.CreateTruncating(x) * (0.25 * double.CreateTruncating(x) + double.CreateTruncating(tilt[i]));
                }
            }
            return loss;
        }
    }

    private static void Norms<T>(Digest digest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Inputs.Uniform<T>(10_001, 7);
        T tiny = T.ScaleB(T.One, typeof(T) == typeof(float) ? -100 : -800);
        foreach (T scale in (T[])[T.One, tiny, T.One / tiny]) // the last two take the second pass
        {
            foreach (int length in (int[])[1, 63, 64, 65, 4096, 10_001])
            {
                T[] scaled = [.. x.Take(length).Select(v => scale * v)];
                digest.Add<double>([GradientClipping.Norm<T>([new ArrayParameter<T>("x", scaled, scaled)])]);
            }
        }
    }
}
