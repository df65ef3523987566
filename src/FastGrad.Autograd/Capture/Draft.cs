using System.Globalization;

namespace FastGrad.Autograd;

/// <summary>A program under construction, which passes rewrite.</summary>
internal sealed class Draft(List<Instruction> instructions, HashSet<Storage> temporaries, HashSet<Storage> constants, Storage[] results)
{
    private readonly Dictionary<Storage, Storage> _homes = new(ReferenceEqualityComparer.Instance);

    public List<Instruction> Instructions { get; set; } = instructions;

    /// <summary>The memory to be planned: made while recording, and written by some instruction.</summary>
    public HashSet<Storage> Temporaries { get; } = temporaries;

    /// <summary>Memory made while recording that no instruction writes.</summary>
    public HashSet<Storage> Constants { get; } = constants;

    /// <summary>What is read after a run.</summary>
    public Storage[] Results { get; } = results;

    public bool IsResult(Storage storage) => Array.IndexOf(Results, storage) >= 0;

    /// <summary>The storage in whose place another lies: itself, unless it <see cref="MoveIn"/>.</summary>
    public Storage Home(Storage storage)
    {
        while (_homes.TryGetValue(storage, out Storage? home))
            storage = home;
        return storage;
    }

    /// <summary>Says that <paramref name="storage"/> lies where <paramref name="home"/> lies.</summary>
    public void MoveIn(Storage storage, Storage home) => _homes.Add(Home(storage), Home(home));

    /// <summary>How many instructions write each storage.</summary>
    public Dictionary<Storage, int> CountWrites()
    {
        Dictionary<Storage, int> writes = new(ReferenceEqualityComparer.Instance);
        foreach (Instruction instruction in Instructions)
        {
            foreach (Storage written in instruction.Writes)
                writes[written] = writes.GetValueOrDefault(written) + 1;
        }
        return writes;
    }

    /// <summary>The instructions, one a line. % is a temporary, # a constant, @ what lies outside, by the name that it has.</summary>
    public override string ToString() => string.Concat(Write(new(ReferenceEqualityComparer.Instance)).Select(line => line + Environment.NewLine));

    /// <summary>The text of each instruction.</summary>
    public string[] Lines() => Write(new(ReferenceEqualityComparer.Instance));

    /// <summary>The names that <see cref="ToString"/> gives.</summary>
    public IEnumerable<(string Name, Storage Storage)> Names()
    {
        Dictionary<Storage, string> names = new(ReferenceEqualityComparer.Instance);
        Write(names);
        return names.Select(n => (n.Value, n.Key));
    }

    private string[] Write(Dictionary<Storage, string> names)
    {
        Dictionary<Storage, string> known = new(ReferenceEqualityComparer.Instance);
        foreach ((Storage storage, string? name) in Instructions.SelectMany(instruction => instruction.Names))
        {
            if (name is not null)
                known.TryAdd(storage, name);
        }
        return [.. Instructions.Select(instruction => instruction.Describe(Name))];

        string Name(Storage storage)
        {
            Storage home = Home(storage);
            if (!names.TryGetValue(home, out string? name))
            {
                names[home] = name = Temporaries.Contains(home) ? $"%{names.Count}"
                    : Constants.Contains(home) ? $"#{names.Count}"
                    : $"@{known.GetValueOrDefault(home, names.Count.ToString(CultureInfo.InvariantCulture))}";
            }
            return name;
        }
    }
}
