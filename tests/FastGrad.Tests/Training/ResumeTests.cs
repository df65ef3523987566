using System.Numerics;
using FastGrad.Data;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using FastGrad.Serialization;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Training;

/// <summary>A training that ends after every single update and is taken up by a new process is the uninterrupted one, whatever is registered.</summary>
public class ResumeTests
{
    private const int Rows = 22, Columns = 3;

    public static TheoryData<string> Optimizers => [.. OptimizerRegistry.Standard.Names];

    public static TheoryData<string> Wrappers => [.. WrapperRegistry.Standard.Names];

    public static TheoryData<string> Schedules => [.. ScheduleRegistry.Standard.Names, .. ScheduleRegistry.Standard.MetricDriven.Names];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Optimizer(string name)
    {
        Resumes<float>(new() { Optimizer = name });
        Resumes<double>(new() { Optimizer = name });
    }

    [Theory]
    [MemberData(nameof(Wrappers))]
    public void Wrapper(string name)
    {
        OptimizerSettings settings = new() { Wrappers = [WrapperRegistry.Standard[name].Bind()] };
        Resumes<float>(new() { Settings = settings });
        Resumes<double>(new() { Settings = settings, Accumulation = 2 });
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Schedule(string name) => Resumes<float>(new() { Schedule = name, Optimizer = "sgd", OptimizerOptions = new() { { "momentum", 0.9 } } });

    [Fact]
    public void All_at_once() => Resumes<float>(new()
    {
        Schedule = "reduce-on-plateau",
        ScheduleOptions = new() { { "patience", 0 }, { "threshold", 0.5 } },
        ScheduleMetric = ScheduleMetric.HeldOutLoss,
        Settings = new()
        {
            Wrappers = [WrapperRegistry.Standard["lookahead"].Bind(new() { { "k", 3 } }), WrapperRegistry.Standard["swa"].Bind(new() { { "start", 4 } })],
            ClipNorm = 0.1,
            NonFinite = NonFinitePolicy.Skip,
        },
        SharpnessRadius = 0.05,
    });

    /// <summary>The state is in the file: what is loaded into a fresh trainer is needed, and a file without it is refused.</summary>
    [Fact]
    public void A_checkpoint_without_the_metric_schedules_state_is_refused()
    {
        TrainerOptions options = new() { Schedule = "reduce-on-plateau", Epochs = 2, BatchSize = 5 };
        Trainer<float> plain = Make<float>(options), other = Make<float>(options with { ScheduleOptions = new() { { "patience", 3 } } });
        Assert.Contains("schedule.patience = 10; this training has 3", Assert.Throws<InvalidDataException>(() => other.Load(Checkpoint(plain))).Message, StringComparison.Ordinal);
        string message = Assert.Throws<InvalidDataException>(() => Make<float>(options with { Schedule = "cosine" }).Load(Checkpoint(Make<float>(options with { Schedule = null })))).Message;
        Assert.Contains("with schedule = (none); this training has cosine.", message, StringComparison.Ordinal);
        Assert.EndsWith("--schedule none.", message, StringComparison.Ordinal);
        SafeTensorsFile file = Checkpoint(plain);
        Assert.Contains(file.Entries, e => e.Name == "schedule.@plateau.best");
        SafeTensorsWriter without = new();
        foreach (SafeTensorsEntry entry in file.Entries.Where(e => e.Name != "schedule.@plateau.best"))
        {
            int[] shape = [.. entry.Shape.Select(length => (int)length)];
            if (entry.Type == SafeTensorsType.F32)
                without.Add<float>(entry.Name, shape, file.Read<float>(entry.Name, shape));
            else if (entry.Type == SafeTensorsType.F64)
                without.Add<double>(entry.Name, shape, file.Read<double>(entry.Name, shape));
            else
                without.Add<long>(entry.Name, shape, file.Read<long>(entry.Name, shape));
        }
        foreach ((string key, string text) in file.Metadata)
            without.SetMetadata(key, text);
        MemoryStream stream = new();
        without.WriteTo(stream);
        stream.Position = 0;
        Assert.Contains("lacks '@plateau.best'", Assert.Throws<InvalidDataException>(() => plain.Load(SafeTensors.Load(stream, "c"))).Message, StringComparison.Ordinal);
    }

    private static void Resumes<T>(TrainerOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options = options with { Epochs = 3, BatchSize = 5, Seed = 4 };
        DataSet<T>? heldOut = options.ScheduleMetric == ScheduleMetric.TrainingLoss ? null : Data<T>(7);
        Trainer<T> whole = Make<T>(options);
        TrainingResult expected = whole.Run(heldOut: heldOut);
        Trainer<T> part = Make<T>(options);
        int processes = 0;
        while (!part.IsDone)
        {
            part.Add(new Once<T>());
            part.Run(heldOut: heldOut);
            SafeTensorsFile file = Checkpoint(part);
            part = Make<T>(options);
            part.Load(file);
            processes++;
        }
        Assert.Equal(3 * ((5 + options.Accumulation - 1) / options.Accumulation), processes);
        Assert.Equal(expected.Last.Loss, part.Last.Loss);
        Assert.Equal(Checkpoint(whole).Sha256, Checkpoint(part).Sha256);
    }

    private static Trainer<T> Make<T>(TrainerOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(new Sequential<T>(new Linear<T>(Columns, 4), new Tanh<T>(), new Dropout<T>(0.2, 3), new Linear<T>(4, 2)), new CrossEntropy<T>(), Data<T>(0), options);

    private static DataSet<T> Data<T>(int shift)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => DataSet<T>.Classification(
            [.. Enumerable.Range(shift, Rows * Columns).Select(i => T.CreateTruncating(i * 37 % 19 / 9.0 - 1))], Columns, [.. Enumerable.Range(shift, Rows).Select(i => i * 5 % 7 % 2)]);

    private static SafeTensorsFile Checkpoint<T>(Trainer<T> trainer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SafeTensorsWriter writer = new();
        trainer.Save(writer);
        MemoryStream stream = new();
        writer.WriteTo(stream);
        stream.Position = 0;
        return SafeTensors.Load(stream, "memory");
    }

    private sealed class Once<T> : TrainingCallback<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override void OnUpdate(Trainer<T> trainer, in TrainingProgress progress) => trainer.Stop();
    }
}
