namespace FastGrad.Autograd;

/// <summary>Where the temporaries of a program lie: values that are never live at the same time share memory.</summary>
/// <remarks>
/// Liveness is one pass over the instructions; a value that is computed twice has two lives in one place. Values are placed largest
/// first, each into the smallest gap that fits between those already placed whose lives overlap its own (the greedy by size of
/// tensor arenas).
/// </remarks>
internal sealed class MemoryPlan
{
    private const int Alignment = 64;

    private readonly Dictionary<Storage, Place> _places;
    private readonly Draft _draft;

    private MemoryPlan(Draft draft, Dictionary<Storage, Place> places, long peak)
    {
        (_draft, _places) = (draft, places);
        PeakBytes = peak;
        UnplannedBytes = draft.Instructions.SelectMany(i => i.Writes).Distinct().Where(s => draft.Temporaries.Contains(draft.Home(s))).Sum(Size);
    }

    public long PeakBytes { get; }

    public long UnplannedBytes { get; }

    public static MemoryPlan Create(Draft draft)
    {
        Dictionary<Storage, List<Life>> lives = new(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < draft.Instructions.Count; i++)
        {
            HashSet<Storage> reads = new(draft.Instructions[i].Reads.Select(draft.Home), ReferenceEqualityComparer.Instance);
            foreach (Storage read in reads)
                Touch(read, i, begins: false);
            foreach (Storage written in draft.Instructions[i].Writes)
                Touch(draft.Home(written), i, begins: !reads.Contains(draft.Home(written)));
        }
        foreach (Storage result in draft.Results)
        {
            if (lives.TryGetValue(draft.Home(result), out List<Life>? life))
                life[^1] = life[^1] with { Last = draft.Instructions.Count }; // read after the run
        }

        Dictionary<Storage, Place> places = new(ReferenceEqualityComparer.Instance);
        long peak = 0;
        foreach ((Storage storage, List<Life> own) in lives.OrderByDescending(l => Size(l.Key)).ThenBy(l => l.Value[0].First))
        {
            long offset = SmallestGap(places.Values.Where(p => p.Lives.Exists(a => own.Exists(b => a.First <= b.Last && b.First <= a.Last))), Size(storage));
            places[storage] = new(offset, offset + Size(storage), own);
            peak = Math.Max(peak, offset + Size(storage));
        }
        return new(draft, places, peak);

        void Touch(Storage storage, int index, bool begins)
        {
            if (!draft.Temporaries.Contains(storage))
                return;
            if (!lives.TryGetValue(storage, out List<Life>? own))
                lives[storage] = own = [];
            // Tiles write what their group reads: a write within the last touch begins nothing.
            if (own.Count == 0 || (begins && own[^1].Last < index))
                own.Add(new(index, index));
            else
                own[^1] = own[^1] with { Last = index };
        }
    }

    /// <summary>Gives the temporaries their places in one arena for each element type.</summary>
    public void Apply()
    {
        Dictionary<Type, object> arenas = [];
        foreach (Storage storage in _draft.Instructions.SelectMany(i => i.Writes).Concat(_draft.Instructions.SelectMany(i => i.Reads)).Distinct())
        {
            if (!_places.TryGetValue(_draft.Home(storage), out Place place))
                continue;
            storage.MoveInto(arenas, PeakBytes, place.Start);
            storage.IsScratch = !_draft.IsResult(storage);
        }
    }

    public string? Describe(Storage storage) => _places.TryGetValue(storage, out Place place)
        ? $"bytes {place.Start} to {place.Start + storage.ByteLength}, live {string.Join(" and ", place.Lives.Select(l => $"from {l.First} to {l.Last}"))}"
        : null;

    private static long SmallestGap(IEnumerable<Place> neighbours, long size)
    {
        long best = -1, bestRoom = long.MaxValue, end = 0;
        foreach (Place place in neighbours.OrderBy(p => p.Start))
        {
            long room = place.Start - end;
            if (room >= size && room < bestRoom)
                (best, bestRoom) = (end, room);
            end = Math.Max(end, place.End);
        }
        return best >= 0 ? best : end;
    }

    private static long Size(Storage storage) => (storage.ByteLength + Alignment - 1L) / Alignment * Alignment;

    private readonly record struct Life(int First, int Last);

    private readonly record struct Place(long Start, long End, List<Life> Lives);
}
