using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Serialization;

namespace FastGrad.Modules;

/// <summary>A module's tensors beside a file's: compared and read first, put in place after.</summary>
internal sealed class StateLoad<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Action> _apply = [];

    public StateLoad(Module<T> module, SafeTensorsFile file, string prefix)
    {
        List<string> loaded = [], converted = [], missing = [];
        List<TensorMismatch> mismatched = [];
        HashSet<string> known = new(StringComparer.Ordinal);
        IReadOnlySet<string> counts = module.NamedCounts();
        foreach (NamedParameter<T> parameter in module.NamedParameters())
        {
            Take(parameter.Name, parameter.Parameter.Shape, values =>
            {
                parameter.Parameter.Load(values);
                parameter.Parameter.SetName(parameter.Name);
            });
        }
        foreach ((string name, Tensor<T> buffer) in module.NamedBuffers())
            Take(name, buffer.Shape, values => values.CopyTo(buffer.AsSpan()));
        string[] unexpected =
        [
            .. file.Entries.Select(e => e.Name)
                .Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && !known.Contains(n[prefix.Length..])).Select(n => n[prefix.Length..]),
        ];
        Report = new(loaded, converted, missing, unexpected, mismatched);

        void Take(string name, Shape shape, Action<T[]> put)
        {
            known.Add(name);
            SafeTensorsType own = counts.Contains(name) ? SafeTensorsType.I64 : SafeTensorsTypes.Of<T>(); // counts are integers in files
            if (!file.TryGet(prefix + name, out SafeTensorsEntry? entry))
            {
                missing.Add(name);
                return;
            }
            if (!SafeTensorsConversion.IsNumber(entry.Type) || !entry.Shape.SequenceEqual(shape.Axes.ToArray().Select(length => (long)length)))
            {
                mismatched.Add(new(name, entry.ToString(), $"{SafeTensorsTypes.NameOf(own)} [{string.Join(", ", shape.Axes.ToArray())}]"));
                return;
            }
            T[] values = SafeTensorsConversion.Read<T>(entry);
            int bad = Array.FindIndex(values, v => !T.IsFinite(v));
            if (bad >= 0)
                throw new InvalidDataException($"{file.Origin}: tensor '{entry.Name}' ({entry}) holds {values[bad]} at {bad} as {typeof(T).Name}; expected finite numbers.");
            loaded.Add(name);
            if (entry.Type != own)
                converted.Add(name);
            _apply.Add(() => put(values));
        }
    }

    public LoadReport Report { get; }

    public void Apply()
    {
        foreach (Action put in _apply)
            put();
    }
}
