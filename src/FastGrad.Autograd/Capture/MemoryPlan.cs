namespace FastGrad.Autograd;

/// <summary>Where the temporaries of a program lie: values that are never live at the same time share memory.</summary>
/// <remarks>
/// Liveness is one pass over the instructions. Values are placed largest first, each into the smallest gap that fits between those
/// already placed whose lives overlap its own (the greedy by size of tensor arenas).
/// </remarks>
internal sealed class MemoryPlan
{
    private const int Alignment = 64;

    private readonly Dictionary<Storage, Place> _places;

    private MemoryPlan(Dictionary<Storage, Place> places, long peak)
    {
        _places = places;
        PeakBytes = peak;
        UnplannedBytes = places.Keys.Sum(Size);
    }

    public long PeakBytes { get; }

    public long UnplannedBytes { get; }

    public static MemoryPlan Create(Instruction[] instructions, HashSet<Storage> temporaries, IReadOnlyCollection<Storage> results)
    {
        Dictionary<Storage, (int First, int Last)> lives = new(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < instructions.Length; i++)
        {
            foreach (Storage read in instructions[i].Reads)
                Touch(read, i);
            if (instructions[i].Written is { } written)
                Touch(written, i);
            if (instructions[i].AlsoWritten is { } also)
                Touch(also, i);
        }
        foreach (Storage result in results)
        {
            if (lives.TryGetValue(result, out (int First, int Last) life))
                lives[result] = life with { Last = instructions.Length }; // read after the run
        }

        Dictionary<Storage, Place> places = new(ReferenceEqualityComparer.Instance);
        long peak = 0;
        foreach ((Storage storage, (int first, int last)) in lives.OrderByDescending(l => Size(l.Key)).ThenBy(l => l.Value.First))
        {
            long offset = SmallestGap(places.Values.Where(p => p.First <= last && first <= p.Last), Size(storage));
            places[storage] = new(offset, offset + Size(storage), first, last);
            peak = Math.Max(peak, offset + Size(storage));
        }
        return new(places, peak);

        void Touch(Storage storage, int index)
        {
            if (temporaries.Contains(storage))
                lives[storage] = lives.TryGetValue(storage, out (int First, int Last) life) ? life with { Last = index } : (index, index);
        }
    }

    /// <summary>Moves the temporaries into one arena for each element type. Results take along what they hold; of the others it is lost.</summary>
    public void Apply(IReadOnlyCollection<Storage> results)
    {
        Dictionary<Type, object> arenas = [];
        foreach ((Storage storage, Place place) in _places)
        {
            bool isResult = results.Contains(storage);
            storage.MoveInto(arenas, PeakBytes, place.Start, keepElements: isResult);
            storage.IsScratch = !isResult;
        }
    }

    public bool TryGetPlace(Storage storage, out long offset, out int first, out int last)
    {
        bool found = _places.TryGetValue(storage, out Place place);
        (offset, first, last) = (place.Start, place.First, place.Last);
        return found;
    }

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

    private readonly record struct Place(long Start, long End, int First, int Last);
}
