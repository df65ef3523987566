using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Serialization;

namespace FastGrad.Modules;

/// <summary>A module's parameters and buffers in safetensors files, under their names as in PyTorch.</summary>
public static class ModuleState
{
    extension<T>(Module<T> module)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Adds parameters and buffers to a file.</summary>
        /// <exception cref="ArgumentException">The file has a tensor of that name already.</exception>
        public void Save(SafeTensorsWriter writer)
        {
            ArgumentNullException.ThrowIfNull(writer);
            foreach (NamedParameter<T> parameter in module.NamedParameters())
                writer.Add(parameter.Name, parameter.Parameter.Shape.Axes, parameter.Tensor.AsReadOnlySpan());
            IReadOnlySet<string> counts = module.NamedCounts();
            foreach ((string name, Tensor<T> buffer) in module.NamedBuffers())
            {
                if (counts.Contains(name))
                    writer.Add<long>(name, buffer.Shape.Axes, [.. buffer.ToArray().Select(long.CreateSaturating)]);
                else
                    writer.Add(name, buffer.Shape.Axes, buffer.AsReadOnlySpan());
            }
        }

        /// <summary>Takes parameters and buffers from a file by name, such as PyTorch's <c>state_dict</c> as safetensors: or, where one does not fit, none.</summary>
        /// <remarks>Numbers of another type are converted: F16, BF16, F64, F32 and integers, each rounded once. The report names them.</remarks>
        /// <param name="file">The file.</param>
        /// <param name="mode">What to do where names or shapes differ.</param>
        /// <param name="prefix">What the names in the file begin with, as in <c>module.0.weight</c>; tensors without it do not count.</param>
        /// <returns>What was found.</returns>
        /// <exception cref="InvalidDataException">A tensor is missing, unexpected, of another shape, or no number, and the mode forbids it; or it holds a value that is not finite.</exception>
        public LoadReport Load(SafeTensorsFile file, LoadMode mode = LoadMode.Complete, string prefix = "")
        {
            ArgumentNullException.ThrowIfNull(file);
            ArgumentNullException.ThrowIfNull(prefix);
            StateLoad<T> load = new(module, file, prefix);
            LoadReport report = load.Report;
            if (mode == LoadMode.Strict && !report.IsExact || mode == LoadMode.Complete && report.Missing.Count + report.Mismatched.Count > 0)
                throw new InvalidDataException($"{file.Origin}: {(mode == LoadMode.Strict ? report : report with { Unexpected = [] })}.");
            load.Apply();
            return report;
        }

        /// <summary>Takes the values of a module of the same architecture.</summary>
        /// <exception cref="ArgumentException">Names or shapes differ.</exception>
        public void CopyFrom(Module<T> source)
        {
            ArgumentNullException.ThrowIfNull(source);
            IReadOnlyList<NamedParameter<T>> to = module.NamedParameters(), from = source.NamedParameters();
            IReadOnlyList<(string Name, Tensor<T> Buffer)> toBuffers = module.NamedBuffers(), fromBuffers = source.NamedBuffers();
            if (!to.Select(p => p.ToString()).SequenceEqual(from.Select(p => p.ToString()))
                || !toBuffers.Select(b => $"{b.Name} {b.Buffer.Shape}").SequenceEqual(fromBuffers.Select(b => $"{b.Name} {b.Buffer.Shape}")))
                throw new ArgumentException("The modules differ in the names or shapes of parameters or buffers; expected the same architecture.", nameof(source));
            for (int i = 0; i < to.Count; i++)
            {
                to[i].Parameter.Load(from[i].Tensor.AsReadOnlySpan());
                to[i].Parameter.SetName(to[i].Name);
            }
            for (int i = 0; i < toBuffers.Count; i++)
                fromBuffers[i].Buffer.CopyTo(toBuffers[i].Buffer.AsSpan());
        }

        /// <summary>Reads and checks everything; the result puts it in place.</summary>
        /// <param name="file">The file.</param>
        /// <param name="mayDiverge">Whether values may be no finite numbers: a training that has diverged resumes as it was.</param>
        internal Action Prepare(SafeTensorsFile file, bool mayDiverge = false)
        {
            ArgumentNullException.ThrowIfNull(file);
            IReadOnlyList<NamedParameter<T>> parameters = module.NamedParameters();
            IReadOnlyList<(string Name, Tensor<T> Buffer)> buffers = module.NamedBuffers();
            IReadOnlySet<string> counts = module.NamedCounts();
            T[][] values = [.. parameters.Select(p => Read<T>(file, p.Name, p.Parameter.Shape, mayDiverge)), .. buffers.Select(b => counts.Contains(b.Name) ? ReadCount<T>(file, b.Name, b.Buffer.Shape) : Read<T>(file, b.Name, b.Buffer.Shape, mayDiverge))];
            return () =>
            {
                for (int i = 0; i < parameters.Count; i++)
                {
                    parameters[i].Parameter.Load(values[i]);
                    parameters[i].Parameter.SetName(parameters[i].Name);
                }
                for (int i = 0; i < buffers.Count; i++)
                    values[parameters.Count + i].CopyTo(buffers[i].Buffer.AsSpan());
            };
        }
    }

    // Files written before counts were integers hold them in the model's element type.
    private static T[] ReadCount<T>(SafeTensorsFile file, string name, Shape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => file.TryGet(name, out SafeTensorsEntry? entry) && entry.Type == SafeTensorsType.I64
            ? [.. file.Read<long>(name, shape.Axes).Select(T.CreateSaturating)]
            : Read<T>(file, name, shape, mayDiverge: false);

    private static T[] Read<T>(SafeTensorsFile file, string name, Shape shape, bool mayDiverge)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = file.Read<T>(name, shape.Axes);
        int bad = mayDiverge ? -1 : Array.FindIndex(values, v => !T.IsFinite(v));
        return bad < 0
            ? values
            : throw new InvalidDataException($"{file.Origin}: tensor '{name}' holds {values[bad]} at {bad}; expected finite numbers.");
    }
}
