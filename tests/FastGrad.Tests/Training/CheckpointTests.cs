using FastGrad.Data;
using FastGrad.Optimization;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Schedules;
using FastGrad.Plugins.Schedules;
using FastGrad.Serialization;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Training;

/// <summary>A checkpoint is taken up by the very training that wrote it, and by no other.</summary>
public class CheckpointTests
{
    private static readonly FitOptions s_options = new() { Model = "mlp", Hidden = [4], Epochs = 2, BatchSize = 8, Settings = new() { Schedules = [Falling(9)] } };

    private static ScheduleBinding Falling(int steps) => Linear.Definition.Bind("weight_decay", new() { { "steps", steps } });

    private static Fitting<float> Training(FitOptions options)
    {
        float[] features = [.. Enumerable.Range(0, 80).Select(i => (float)(i * 7 % 13))];
        return new(DataSet<float>.Classification(features, 2, [.. Enumerable.Range(0, 40).Select(i => i % 2)]), options);
    }

    [Fact]
    public void OtherDataIsNamed()
    {
        float[] features = [.. Enumerable.Range(0, 80).Select(i => (float)(i * 7 % 11))];
        Fitting<float> other = new(DataSet<float>.Classification(features, 2, [.. Enumerable.Range(0, 40).Select(i => i % 2)]), s_options);
        Assert.Contains("data = ", Assert.Throws<InvalidDataException>(() => other.Trainer.Load(Checkpoint())).Message, StringComparison.Ordinal);
    }

    private static SafeTensorsFile Checkpoint()
    {
        SafeTensorsWriter writer = new();
        Training(s_options).Trainer.Save(writer);
        MemoryStream stream = new();
        writer.WriteTo(stream);
        stream.Position = 0;
        return SafeTensors.Load(stream, "memory");
    }

    public static TheoryData<string, FitOptions> OtherTrainings => new()
    {
        { "model", s_options with { Activation = "tanh" } },
        { "model", s_options with { Activation = "leaky-relu" } },
        { "groups", s_options with { Settings = s_options.Settings with { Groups = [ParameterGroup.Everything with { Options = new([new("lr", "0.5")]) }] } } },
        { "no_decay", s_options with { Settings = s_options.Settings with { NoDecay = [ParameterRole.Weight] } } },
        { "non_finite", s_options with { Settings = s_options.Settings with { NonFinite = NonFinitePolicy.Skip } } },
        { "scheduled", s_options with { Settings = s_options.Settings with { Schedules = [Falling(10)] } } },
        { "seed", s_options with { Seed = 9 } }, // its split makes other data too, which is not the cause
    };

    /// <summary>Functions of one's own have no options to compare, and may have one description: their values tell them apart.</summary>
    [Fact]
    public void SchedulesAreComparedByValue()
    {
        FitOptions with(Func<double, ISchedule> create) => s_options with { Settings = new() { Schedules = [new ScheduleBinding("weight_decay", create) { Description = "mine" }] } };
        FitOptions falling = with(v => new Own(t => v / (1 + t))), late = with(v => new Own(t => v / (t < 7 ? 1 + t : 9 + t)));
        SafeTensorsFile file = Saved(Training(falling));
        Training(falling).Trainer.Load(file);
        // A rounding of another machine is no other schedule.
        Training(with(v => new Own(t => double.BitIncrement(v / (1 + t))))).Trainer.Load(file);
        string message = Assert.Throws<InvalidDataException>(() => Training(late).Trainer.Load(file)).Message;
        Assert.Contains("weight_decay = 0.0125 to group 'all' at update 7; this training's gives 0.00625", message, StringComparison.Ordinal);
        // More epochs compare what both know: here a table that ends with the shorter training.
        double[] table = [.. Enumerable.Range(0, 8).Select(t => 0.1 / (1 + t))];
        FitOptions listed = with(v => new Own(t => table[t])) with { Schedule = null };
        file = Saved(Training(listed));
        Training(with(v => new Own(t => 0.1 / (1 + t))) with { Schedule = null, Epochs = 9 }).Trainer.Load(file);
    }

    private static SafeTensorsFile Saved(Fitting<float> fitting)
    {
        SafeTensorsWriter writer = new();
        fitting.Trainer.Save(writer);
        MemoryStream stream = new();
        writer.WriteTo(stream);
        stream.Position = 0;
        return SafeTensors.Load(stream, "memory");
    }

    private sealed class Own(Func<long, double> at) : ISchedule
    {
        public double At(long step) => at(step);
    }

    [Fact]
    public void ADivergedTrainingIsTakenUpAsItWas()
    {
        Fitting<float> diverged = Training(s_options);
        diverged.Trainer.Model.NamedParameters()[0].Tensor.AsSpan()[1] = float.NaN;
        SafeTensorsWriter writer = new();
        diverged.Trainer.Save(writer);
        MemoryStream stream = new();
        writer.WriteTo(stream);
        stream.Position = 0;
        Fitting<float> resumed = Training(s_options);
        resumed.Trainer.Load(SafeTensors.Load(stream, "memory"));
        Assert.True(float.IsNaN(resumed.Trainer.Model.NamedParameters()[0].Tensor.AsReadOnlySpan()[1]));
    }

    [Fact]
    public void TheSameTrainingTakesItUp() => Training(s_options).Trainer.Load(Checkpoint());

    [Theory]
    [MemberData(nameof(OtherTrainings))]
    public void AnotherTrainingIsRefusedByTheSettingThatDiffers(string setting, FitOptions other) => Assert.Contains(
        setting + " = ", Assert.Throws<InvalidDataException>(() => Training(other).Trainer.Load(Checkpoint())).Message, StringComparison.Ordinal);
}
