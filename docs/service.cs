#:project ../src/FastGrad/FastGrad.csproj
#:project ../src/FastGrad.Hosting/FastGrad.Hosting.csproj
#:package Microsoft.Extensions.DependencyInjection

// A model in a service: train, save, load, and predict from several requests at once. Run it with 'dotnet run docs/service.cs'.

using FastGrad.Data;
using FastGrad.Hosting;
using FastGrad.Inference;
using FastGrad.Training;
using Microsoft.Extensions.DependencyInjection;

// Which points of a grid lie inside a circle?
const int Side = 30;
float[] points = [.. Enumerable.Range(0, Side * Side).SelectMany(i => new[] { i % Side / 14.5f - 1, i / Side / 14.5f - 1 })];
int[] inside = [.. Enumerable.Range(0, Side * Side).Select(i => points[2 * i] * points[2 * i] + points[2 * i + 1] * points[2 * i + 1] < 0.5f ? 1 : 0)];
DataSet<float> data = DataSet<float>.Classification(points, 2, inside, labelNames: ["outside", "inside"], featureNames: ["x", "y"]);

// Train and save. The file holds the parameters, the scaling of the features and the names of the classes.
FitResult<float> fit = Model.Fit(data, new FitOptions { Seed = 1 });
Console.WriteLine($"trained: {fit.HeldOut!.Accuracy:P1} of {fit.HeldOut.Rows} held-out points are right");
string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
fit.Model.Save(path);

// Without a container: load once, share the model among all requests.
var alone = new CircleService(TrainedModel<float>.Load(path));
string[] inSequence = [.. Requests().Select(point => alone.Answer(point.X, point.Y))];
string[] atOnce = await Task.WhenAll(Requests().Select(point => Task.Run(() => alone.Answer(point.X, point.Y))));
Console.WriteLine($"without a container: {atOnce.Length} requests at once, {atOnce.Zip(inSequence).Count(pair => pair.First == pair.Second)} right answers as in sequence");

// With a container: the model is a singleton; optimizers come by name or under a key of one's own.
var services = new ServiceCollection();
services.AddFastGrad().AddOptimizer("retraining", "adamw", new() { { "lr", 1e-3 } });
services.AddSingleton(_ => TrainedModel<float>.Load(path));
services.AddSingleton<CircleService>();
await using (ServiceProvider provider = services.BuildServiceProvider())
{
    CircleService hosted = provider.GetRequiredService<CircleService>();
    string[] answers = await Task.WhenAll(Requests().Select(point => Task.Run(() => hosted.Answer(point.X, point.Y))));
    string optimizer = provider.GetRequiredKeyedService<OptimizerFactory>("retraining").Definition.Name;
    Console.WriteLine($"with a container: {(answers.SequenceEqual(inSequence) ? "the same predictions" : "other predictions")}; 'retraining' is {optimizer}");
}
File.Delete(path);

static IEnumerable<(float X, float Y)> Requests() => Enumerable.Range(0, 64).Select(i => (i % 8 / 4f - 0.9f, i / 8 / 4f - 0.9f));

/// <summary>What a request calls. A trained model changes nothing in itself, so any number of threads may share it.</summary>
internal sealed class CircleService(TrainedModel<float> model)
{
    public string Answer(float x, float y) => model.LabelOf([x, y]);
}
