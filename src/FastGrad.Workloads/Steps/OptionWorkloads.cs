using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Training;
using FastGrad.Workloads.DataSets;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Steps;

/// <summary><c>option.*</c>: what an option of training gives: the same work with it and without.</summary>
/// <remarks>
/// <c>gather</c> is a trainer's updates, batches gathered where they are needed (<c>off</c>), ahead on another thread (<c>on</c>), or as the trainer finds out (<c>auto</c>): the digits, a perceptron over
/// the images of MNIST's size, and wide rows (3072 features, 48 MiB in all) through a small model, where a batch is a good part of the work.
/// <c>update</c> is the step of <c>train.mnist_mlp.b64</c>, parameters updated together (<c>late</c>) or within the backward pass (<c>early</c>).
/// </remarks>
public static class OptionWorkloads
{
    private const int Updates = 16;

    /// <summary>The same work, once for each setting.</summary>
    public static IEnumerable<Workload> All =>
    [
        .. Choices("digits.b64", 64, () => BuiltInData.Load<float>("digits"), 32),
        .. Choices("images.b64", 64, () => Rows(8192, 784), 512, 256),
        .. Choices("images.b256", 256, () => Rows(8192, 784), 512, 256),
        .. Choices("wide.b64", 64, () => Rows(4096, 3072), 16),
        .. Choices("wide.b256", 256, () => Rows(4096, 3072), 16),
        Update("late", early: false),
        Update("early", early: true),
    ];

    private static Workload[] Choices(string name, int batch, Func<DataSet<float>> data, params int[] hidden) =>
    [
        Gather($"{name}.off", batch, data, hidden, ahead: false), Gather($"{name}.on", batch, data, hidden, ahead: true),
        Gather($"{name}.auto", batch, data, hidden, ahead: null),
    ];

    private static Workload Gather(string name, int batch, Func<DataSet<float>> data, int[] hidden, bool? ahead) =>
        new($"option.gather.{name}", Updates, WorkUnit.Calls, threads =>
        {
            DataSet<float> rows = data();
            int[] widths = [rows.Columns, .. hidden];
            List<Module<float>> layers = [];
            for (int i = 1; i < widths.Length; i++)
                layers.AddRange([new Linear<float>(widths[i - 1], widths[i]), new Relu<float>()]);
            layers.Add(new Linear<float>(widths[^1], rows.Classes));
            Trainer<float> trainer = new(
                new Sequential<float>([.. layers]), new CrossEntropy<float>(), rows,
                new() { Epochs = 1 << 20, BatchSize = batch, LastBatch = LastBatch.Drop, GatherAhead = ahead, Optimizer = "sgd" });
            trainer.Add(new StopAfter());
            var context = new ComputeContext(threads);
            return new(
                () =>
                {
                    using ComputeContext.Usage _ = context.Use();
                    trainer.Run();
                },
                () => trainer.Model.NamedParameters()[0].Tensor.AsReadOnlySpan()[0], threads, context.Dispose);
        });

    private static Workload Update(string name, bool early) => new($"option.update.{name}", 1, WorkUnit.Calls, threads =>
    {
        Module<float> model = new Sequential<float>(
            new Linear<float>(784, 512), new Relu<float>(), new Linear<float>(512, 256), new Relu<float>(), new Linear<float>(256, 10));
        TrainingWorkloads.Fill(model);
        var context = new ComputeContext(threads);
        TrainingStep<float> step = new(model, new CrossEntropy<float>(), new AdamW().Create<float>(model.NamedParameters(), []), new() { UpdateInBackward = early });
        Tensor<float> inputs = Tensor.From<float>(Inputs.Uniform(64 * 784, 3, 0, 1), [64, 784]);
        Tensor<int> labels = Tensor.From(Inputs.Labels(64, 5, 10));
        double last = double.NaN;
        return new(
            () =>
            {
                using ComputeContext.Usage _ = context.Use();
                last = step.Run(inputs, labels).Loss;
            },
            () => last, threads, context.Dispose);
    });

    private static DataSet<float> Rows(int rows, int columns) =>
        DataSet<float>.Classification(Inputs.Uniform(rows * columns, 3, 0, 1), columns, Inputs.Labels(rows, 5, 10));

    private sealed class StopAfter : TrainingCallback<float>
    {
        private int _seen;

        public override void OnUpdate(Trainer<float> trainer, in TrainingProgress progress)
        {
            if (++_seen % Updates == 0)
                trainer.Stop();
        }
    }
}
