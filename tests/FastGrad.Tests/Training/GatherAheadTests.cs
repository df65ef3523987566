using System.Reflection;
using FastGrad.Data;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Training;
using FastGrad.Workloads.DataSets;
using Xunit;

namespace FastGrad.Tests.Training;

/// <summary>Batches gathered while a step runs: the same bits, positions of what has been used, errors where they belong.</summary>
public sealed class GatherAheadTests
{
    private static readonly DataSet<float> s_iris = BuiltInData.Load<float>("iris");

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void NothingChangesButTheTime(int accumulation)
    {
        float[] expected = Trained(false);
        Assert.Equal(expected, Trained(true));
        Assert.Equal(expected, Trained(null));

        float[] Trained(bool? ahead)
        {
            Trainer<float> trainer = Make(ahead, accumulation);
            trainer.Run();
            Assert.Equal(new LoaderPosition(3, 0), trainer.Position);
            return Weights(trainer);
        }
    }

    [Fact]
    public void ACheckpointHoldsThePositionOfWhatWasUsed()
    {
        string file = Path.GetTempFileName();
        try
        {
            Trainer<float> whole = Make(true), first = Make(true), second = Make(true);
            whole.Run();
            first.Add(new StopAfter(4)).Run();
            Assert.Equal(new LoaderPosition(0, 4), first.Position); // batch 4 has been gathered, not used
            first.Save(file);
            second.Add(new StopAfter(1)).Run(); // with a batch of its own under way
            second.Load(file);
            Assert.Equal(first.Position, second.Position);
            second.Run();
            Assert.Equal(Weights(whole), Weights(second));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void WhatGatheringThrowsTheCallerGets()
    {
        Trainer<float> trainer = Make(true);
        trainer.Add(new StopAfter(2)).Run();
        // Rows that do not exist, as a broken loader would name them: the batch under way is the last good one.
        object loader = Field(trainer, "_loader");
        var order = (int[])Field(loader, "_order");
        int[] good = [.. order];
        Array.Fill(order, -7);
        Assert.ThrowsAny<Exception>(() =>
        {
            for (int i = 0; i < 3; i++)
                trainer.Add(new StopAfter(0)).Run();
        });
        good.CopyTo(order, 0);
        while (!trainer.IsDone)
            trainer.Run(); // callbacks stop it in between
        Assert.Equal(new LoaderPosition(3, 0), trainer.Position);
    }

    [Theory]
    [InlineData(8, 1, true)]
    [InlineData(0, 20, false)]
    public void ItIsDoneWhereGatheringIsAGoodPartOfTheTime(int gathering, int step, bool expected)
    {
        GatherTrial trial = new(null);
        for (int batch = 0; batch < 8; batch++)
        {
            Assert.True(batch >= 5 || !trial.IsAhead);
            trial.Begin();
            Wait(gathering);
            trial.End();
            Wait(batch == 0 ? 100 : step); // the first step is captured
        }
        Assert.Equal(expected && Environment.ProcessorCount > 1, trial.IsAhead);
        foreach (bool asked in (bool[])[false, true])
            Assert.Equal(asked, new GatherTrial(asked).IsAhead);

        static void Wait(int milliseconds)
        {
            if (milliseconds > 0)
                Thread.Sleep(milliseconds);
        }
    }

    private static object Field(object owner, string name) => owner.GetType().GetField(name, BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(owner)!;

    private static Trainer<float> Make(bool? ahead, int accumulation = 1) => new(
        new Sequential<float>(new Linear<float>(4, 16), new Gelu<float>(), new Linear<float>(16, 3)), new CrossEntropy<float>(), s_iris,
        new() { Epochs = 3, BatchSize = 16, Seed = 9, GatherAhead = ahead, Accumulation = accumulation });

    private static float[] Weights(Trainer<float> trainer) => [.. trainer.Model.NamedParameters().SelectMany(p => p.Tensor.ToArray())];

    private sealed class StopAfter(int updates) : TrainingCallback<float>
    {
        private int _seen;

        public override void OnUpdate(Trainer<float> trainer, in TrainingProgress progress)
        {
            if (++_seen == Math.Max(1, updates))
                trainer.Stop();
        }
    }
}
