// The training of 'fastgrad train digits --seed 7 --epochs 3', compiled ahead of time: prints the same checkpoint_sha256.
using FastGrad.Kernels.Simd;
using FastGrad.Training;
using FastGrad.Workloads;
using FastGrad.Workloads.DataSets;

var fitting = new Fitting<float>(BuiltInData.Load<float>("digits"), new FitOptions { Seed = 7, Epochs = 3 });
FitResult<float> result = fitting.Run();
Console.Error.WriteLine($"{Isa.Name}, held-out accuracy {result.HeldOut!.Accuracy:F4}");
Console.WriteLine(TrainingFiles.Sha256(fitting.Trainer));
