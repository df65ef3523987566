namespace FastGrad.Autograd.Tests;

/// <summary>What cannot be captured is refused, in words that name the line; what can be, computes what eager operations do.</summary>
public sealed class RefusalTests
{
    private static readonly Tensor<float> s_x = Tensor.From(1f, -2f, 3f);

    public static TheoryData<string, Func<Tensor<float>>> Reads() => new()
    {
        { "an item", () => s_x * s_x.Sum().Item() },
        { "a decision", () => s_x.Sum().Item() > 0 ? s_x.Exp() : s_x.Tanh() },
        { "an element", () => s_x * s_x.Tanh()[1] },
        { "elements", () => Tensor.From(s_x.Tanh().ToArray()) },
        { "a span", () => s_x * s_x.AsReadOnlySpan()[0] },
        { "a loop", () => Loop(s_x) },
    };

    [Theory]
    [MemberData(nameof(Reads))]
    public void AReadOfElementsNamesTheLine(string what, Func<Tensor<float>> body)
    {
        string message = Assert.Throws<InvalidOperationException>(() => Capture.Record<float>(() => [body()])).Message;
        Assert.Contains("read while a program is captured", message);
        Assert.True(message.Contains("RefusalTests.cs, line", StringComparison.Ordinal), $"{what}: {message}");
        Assert.False(Capture.IsRecording);
    }

    [Fact]
    public void AChangeNamesTheLineToo()
    {
        Tensor<float> x = Tensor.From(1f, 2f);
        foreach (Action change in (Action[])[() => x.AsSpan()[0] = 3, () => x[1] = 3])
        {
            string message = Assert.Throws<InvalidOperationException>(() => Capture.Record<float>(() =>
            {
                change();
                return [x * x];
            })).Message;
            Assert.Contains("changed while a program is captured", message);
            Assert.Contains("RefusalTests.cs, line", message);
        }
        Assert.Equal([1f, 2f], x.ToArray());
    }

    /// <summary>Messages and debuggers write tensors out while a program is captured, or of a program's temporaries.</summary>
    [Fact]
    public void ATensorsTextIsNoRead()
    {
        string text = "", inner = "";
        Tensor<float> temporary = null!;
        Capture.Record<float>(() =>
        {
            temporary = s_x.Tanh();
            (text, inner) = (s_x.ToString(), temporary.ToString());
            return [temporary * 2f];
        });
        Assert.Equal("Tensor<Single> [3]", text);
        Assert.Equal("Tensor<Single> [3]", inner);
        Assert.Equal("Tensor<Single> [3]", temporary.ToString());
        Assert.Contains("1, -2, 3", s_x.ToString());
    }

    [Fact]
    public void ACaptureInACaptureIsRefused()
    {
        string message = Assert.Throws<InvalidOperationException>(() => Capture.Record<float>(() =>
        {
            Capture.Prepare<float>(() => [s_x * s_x]);
            return [s_x];
        })).Message;
        Assert.Contains("inside a capture", message);
        Assert.Contains("RefusalTests.cs, line", message);
    }

    [Fact]
    public void NeitherRunNorEvaluationWhileAnotherIsCaptured()
    {
        Program program = Capture.Record<float>(() => [s_x * s_x]);
        foreach (Action run in (Action[])[program.Run, program.Evaluate, () => program.Profile()])
        {
            Assert.Contains("while another is captured", Assert.Throws<InvalidOperationException>(() => Capture.Record<float>(() =>
            {
                run();
                return [s_x];
            })).Message);
        }
    }

    [Fact]
    public void WhatWasMadeOutsideAndChangesLaterIsReadThen()
    {
        Tensor<float> scale = Tensor.From(2f), y = null!;
        Program program = Capture.Record<float>(() => [y = s_x * scale]);
        Assert.Equal([2f, -4f, 6f], y.ToArray());
        scale.AsSpan()[0] = 10;
        program.Run();
        Assert.Equal([10f, -20f, 30f], y.ToArray());
    }

    [Fact]
    public void WhatWasMadeInAScopeThatHasEndedIsNamed()
    {
        Program program;
        using (TensorScope scope = new())
        {
            Tensor<float> passing = s_x * 2f;
            passing.Name = "passing";
            program = Capture.Record<float>(() => [passing * s_x]);
        }
        Assert.Contains("passing", Assert.Throws<ObjectDisposedException>(program.Run).Message);
    }

    [Fact]
    public void WithoutATapeThereIsNoBackwardInAProgramEither()
    {
        Tensor<float> w = Tensor.From(1f, 2f);
        w.RequiresGrad = true;
        using NoGrad off = new();
        Assert.Contains("requires no gradient", Assert.Throws<InvalidOperationException>(() => (w * w).Sum().Backward()).Message);
        Assert.Contains("requires no gradient", Assert.Throws<InvalidOperationException>(() => Capture.Record<float>(() =>
        {
            Tensor<float> y = (w * w).Sum();
            y.Backward();
            return [y];
        })).Message);
        Tensor<float> z = null!;
        Capture.Record<float>(() => [z = w * w]);
        Assert.Equal([1f, 4f], z.ToArray());
    }

    [Fact]
    public void ASecondThreadIsTold()
    {
        using ManualResetEventSlim inside = new(), done = new();
        Program program = Capture.Prepare<float>(() =>
        {
            Tensor<float> y = s_x * s_x;
            Capture.Opaque<float>("wait", () =>
            {
                inside.Set();
                done.Wait(10_000);
            });
            return [y];
        });
        Thread first = new(program.Run);
        first.Start();
        inside.Wait(10_000);
        string message = Assert.Throws<InvalidOperationException>(program.Run).Message;
        done.Set();
        first.Join();
        Assert.Contains($"runs on thread {Environment.CurrentManagedThreadId} while it runs on thread", message);
        program.Run(); // and now it is free
    }

    /// <summary>Optimizers evaluate again from within a program's last action.</summary>
    [Fact]
    public void AProgramMayRunItselfFromWithin()
    {
        Program? program = null;
        int depth = 0;
        Tensor<float> y = null!;
        program = Capture.Prepare<float>(() =>
        {
            y = s_x * s_x;
            Capture.Opaque<float>("again", () =>
            {
                if (depth++ == 0)
                    program!.Evaluate();
            });
            return [y];
        });
        program.Run();
        Assert.Equal(1, depth);
        Assert.Equal([1f, 4f, 9f], y.ToArray());
    }

    [Fact]
    public void AProfileTimesEveryInstruction()
    {
        Tensor<float> x = Tensor.Ones<float>([300, 300]);
        int seen = 0;
        Program program = Capture.Prepare<float>(() =>
        {
            Tensor<float> y = (x.MatMul(x).Tanh() + x).Sum();
            Capture.Opaque("look", () => seen++, y);
            return [y];
        });
        using ComputeContext context = new(2);
        using ComputeContext.Usage _ = context.Use();
        IReadOnlyList<InstructionTime> times = program.Profile(5);
        Assert.Equal(program.Count, times.Count);
        Assert.Equal(5, seen);
        Assert.All(times, time => Assert.True(time.Microseconds >= 0));
        Assert.Contains(times, time => time.Forks == 1 && time.Text.Contains("matmul", StringComparison.Ordinal));
        Assert.Equal(0, times[^1].Forks);
        Assert.StartsWith("look", times[^1].Text, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => program.Profile(0));
    }

    private static Tensor<float> Loop(Tensor<float> x)
    {
        while (x.Square().Sum().Item() > 1)
            x *= 0.5f;
        return x;
    }
}
