using FastGrad.Kernels.Workers;

namespace FastGrad.Autograd;

/// <summary>Elementwise instructions, run together on one tile after the other; the tiles are shared out among the workers.</summary>
/// <remarks>Every element is computed alone, so neither the tiles nor who computes them change a bit.</remarks>
internal sealed class TiledInstruction(ITiled[] members) : Instruction
{
    /// <summary>Elements from which tiles pay: two operands no longer fit into L1 beside each other.</summary>
    public const int MinLength = 2 * Tile;

    /// <summary>16 KiB a stream in float32: the values of a chain stay in L1 or next to it.</summary>
    private const int Tile = 4096;

    private readonly int _length = members[0].TileLength;

    private Instruction[] All => [.. members.Cast<Instruction>()];

    public override IEnumerable<Storage> Reads => All.SelectMany(m => m.Reads).Distinct();

    public override IEnumerable<Storage> Writes => All.SelectMany(m => m.Writes).Distinct();

    public override IEnumerable<(Storage Storage, string? Name)> Names => All.SelectMany(m => m.Names);

    public override void Execute()
    {
        Job job = new(members, new Partition(_length, Tile));
        ComputeContext.Current.Workers.Run(job.Tiles.Count, ref job);
    }

    public override string Describe(Func<Storage, string> name) =>
        $"tiles of {Tile} {{{Environment.NewLine}{string.Concat(All.Select(m => $"  {m.Describe(name)}{Environment.NewLine}"))}}}";

    private readonly struct Job(ITiled[] members, Partition tiles) : IWorkerJob
    {
        public Partition Tiles => tiles;

        public void Execute(int part)
        {
            foreach (ITiled member in members)
                member.ExecuteTile(tiles.Start(part), tiles.Size(part));
        }
    }
}
