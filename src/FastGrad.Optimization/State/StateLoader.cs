namespace FastGrad.Optimization.State;

/// <summary>Copies a checkpoint's tensors into live state: all or nothing.</summary>
internal static class StateLoader
{
    private const int Shown = 5;

    public static void Load(string optimizer, IReadOnlyList<StateEntry> state, IEnumerable<StateTensor> tensors)
    {
        Dictionary<string, StateTensor> given = Check(optimizer, state, tensors);
        foreach (StateEntry entry in state)
            given[entry.Name].Bytes.Span.CopyTo(entry.Bytes);
    }

    /// <summary>The tensors by name, if they are those of the state.</summary>
    public static Dictionary<string, StateTensor> Check(string optimizer, IReadOnlyList<StateEntry> state, IEnumerable<StateTensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        Dictionary<string, StateTensor> given = [];
        foreach (StateTensor tensor in tensors)
        {
            if (!given.TryAdd(tensor.Name, tensor))
                throw new ArgumentException($"The state of {optimizer} holds '{tensor.Name}' twice.", nameof(tensors));
        }

        string[] missing = [.. state.Select(e => e.Name).Where(n => !given.ContainsKey(n))];
        if (missing.Length > 0)
            throw new ArgumentException($"The state for {optimizer} lacks {List(missing)}.", nameof(tensors));
        string[] unknown = [.. given.Keys.Except(state.Select(e => e.Name))];
        if (unknown.Length > 0)
            throw new ArgumentException($"The state for {optimizer} holds {List(unknown)}, which it does not have.", nameof(tensors));
        foreach (StateEntry entry in state)
        {
            StateTensor tensor = given[entry.Name];
            if (tensor.Type != entry.Type || !tensor.Shape.AsSpan().SequenceEqual(entry.Shape.AsSpan()) || tensor.Bytes.Length != entry.Bytes.Length)
                throw new ArgumentException(
                    $"'{entry.Name}' is {tensor.Type} [{string.Join(", ", tensor.Shape)}] of {tensor.Bytes.Length} bytes; "
                    + $"expected {entry.Type} [{string.Join(", ", entry.Shape)}] of {entry.Bytes.Length} bytes.",
                    nameof(tensors));
        }

        return given;
    }

    private static string List(string[] names) =>
        string.Join(", ", names.Take(Shown).Select(n => $"'{n}'")) + (names.Length > Shown ? $" and {names.Length - Shown} more" : "");
}
