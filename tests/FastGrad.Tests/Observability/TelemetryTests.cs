using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Observability;
using FastGrad.Optimization;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using FastGrad.Serialization;
using FastGrad.Training;
using FastGrad.Workloads.DataSets;
using Xunit;

namespace FastGrad.Tests.Observability;

/// <summary>A training watched from outside; and unwatched, what it costs.</summary>
[Collection(Name)]
public sealed class TelemetryTests
{
    /// <summary>Listeners hear of every training in the process, so nothing runs beside them.</summary>
    public const string Name = "telemetry";

    private sealed class Steps
    {
        private readonly TrainingStep<double> _step;
        private readonly Tensor<double> _x = Tensor.From<double>([1, 2, -1, 0.5], [2, 2]), _y = Tensor.From<double>([1, -1], [2, 1]);

        public Steps(OptimizerSettings? settings = null)
        {
            Model = new(2, 1);
            Model.Initialize(1);
            Optimizer = OptimizerRegistry.Standard["sgd"].Create<double>(Model.NamedParameters(), new() { { "lr", 0.125 } }, settings);
            _step = new(Model, new MeanSquaredError<double>(), Optimizer);
        }

        public Linear<double> Model { get; }

        public Optimizer<double> Optimizer { get; }

        public StepResult Run() => _step.Run(_x, _y);
    }

    [Fact]
    public void Every_step_is_measured()
    {
        Steps steps = new();
        Dictionary<string, List<double>> seen = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == Telemetry.Name)
                self.EnableMeasurementEvents(instrument);
        };
        int thread = Environment.CurrentManagedThreadId;
        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (Environment.CurrentManagedThreadId != thread)
                return;
            Assert.Equal("optimizer", tags[0].Key);
            Assert.Equal("sgd", tags[0].Value);
            (seen.TryGetValue(instrument.Name, out List<double>? values) ? values : seen[instrument.Name] = []).Add(value);
        }
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        List<double> losses = [], norms = [];
        for (int i = 0; i < 5; i++)
        {
            losses.Add(steps.Run().Loss);
            norms.Add(Math.Sqrt(steps.Model.NamedParameters().Sum(p => p.Tensor.Grad!.ToArray().Sum(g => g * g))));
        }
        Assert.Equal(losses, seen["fastgrad.training.loss"]);
        Assert.Equal(norms, seen["fastgrad.training.gradient_norm"].Select((v, i) => Math.Abs(v - norms[i]) < 1e-12 ? norms[i] : v));
        Assert.Equal(Enumerable.Repeat(0.125, 5), seen["fastgrad.training.learning_rate"]);
        Assert.Equal(Enumerable.Repeat(1.0, 5), seen["fastgrad.training.steps"]);
        Assert.All(seen["fastgrad.training.step.duration"], seconds => Assert.InRange(seconds, 1e-9, 10));
        Assert.Equal(5, seen["fastgrad.training.step.duration"].Count);
        Assert.DoesNotContain("fastgrad.training.skipped_steps", seen.Keys);
    }

    [Fact]
    public void A_skipped_step_is_counted()
    {
        Steps steps = new(new() { NonFinite = NonFinitePolicy.Skip });
        steps.Model.NamedParameters()[0].Tensor.AsSpan()[0] = double.NaN;
        long skipped = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "fastgrad.training.skipped_steps")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => skipped += value);
        listener.Start();
        steps.Run();
        steps.Run();
        Assert.Equal(2, skipped);
    }

    /// <summary>A steady step allocates nothing, whether somebody listens or not.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_is_allocated(bool listen)
    {
        Steps steps = new();
        double sum = 0;
        using MeterListener listener = new();
        if (listen)
        {
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == Telemetry.Name)
                    self.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<double>((_, value, _, _) => sum += value);
            listener.SetMeasurementEventCallback<long>((_, value, _, _) => sum += value);
            listener.Start();
        }
        for (int i = 0; i < 50; i++)
            steps.Run();
        // One quiet window of several: the runtime itself may allocate on this thread.
        long least = Enumerable.Range(0, 10).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
                steps.Run();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.Equal(0, least);
        Assert.Equal(listen, sum != 0);
    }

    [Fact]
    public void Runs_epochs_and_checkpoints_are_activities()
    {
        List<Activity> done = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => { lock (done) done.Add(activity); },
        };
        ActivitySource.AddActivityListener(listener);
        string folder = Directory.CreateTempSubdirectory("fastgrad").FullName;
        using (Activity own = new Activity("test").Start())
        {
            Fitting<float> fitting = new(BuiltInData.Load<float>("iris"), new() { Epochs = 2, BatchSize = 60 });
            fitting.Trainer.Add(new EveryUpdates<float>(2, t => t.Save(new CheckpointFolder(folder))));
            fitting.Run();
            Activity[] mine = [.. done.Where(a => a.TraceId == own.TraceId)];
            Assert.Equal(["fastgrad.epoch", "fastgrad.checkpoint", "fastgrad.epoch", "fastgrad.checkpoint", "fastgrad.training"], mine.Select(a => a.OperationName));
            Activity training = mine.Single(a => a.OperationName == "fastgrad.training");
            Assert.Equal(("adamw", "Completed"), (training.GetTagItem("optimizer"), training.GetTagItem("status")));
            Assert.All(mine.Where(a => a.OperationName == "fastgrad.epoch"), a => Assert.Equal(training.Id, a.ParentId));
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Seldom_things_are_events()
    {
        using Events events = new();
        string folder = Directory.CreateTempSubdirectory("fastgrad").FullName;
        Fitting<float> fitting = new(BuiltInData.Load<float>("iris"), new() { Epochs = 2, BatchSize = 60 });
        fitting.Run();
        fitting.Save(new CheckpointFolder(folder));
        Steps steps = new(new() { NonFinite = NonFinitePolicy.Skip });
        steps.Model.NamedParameters()[0].Tensor.AsSpan()[0] = double.NaN;
        steps.Run();
        Directory.Delete(folder, recursive: true);
        Assert.Equal(["TrainingStart", "EpochStop", "EpochStop", "TrainingStop", "CheckpointSaved", "StepSkipped"], events.Seen.Select(e => e.Name));
        Assert.Equal(["Completed", 4L], events.Seen[3].Values);
        Assert.Equal(folder, events.Seen[4].Values[0]);
    }

    private sealed class Events : EventListener
    {
        private readonly int _thread = Environment.CurrentManagedThreadId;

        public List<(string Name, object?[] Values)> Seen { get; } = [];

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == Telemetry.Name)
                EnableEvents(eventSource, EventLevel.Verbose);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (Seen is not null && Environment.CurrentManagedThreadId == _thread)
                Seen.Add((eventData.EventName!, [.. eventData.Payload!]));
        }
    }
}

/// <summary>See <see cref="TelemetryTests.Name"/>.</summary>
[CollectionDefinition(TelemetryTests.Name, DisableParallelization = true)]
public sealed class TelemetryCollection;
