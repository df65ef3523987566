namespace FastGrad.Modules;

/// <summary>What a module takes from a file that does not fit it exactly.</summary>
public enum LoadMode
{
    /// <summary>Every parameter and buffer must be there and fit; other tensors of the file are left alone.</summary>
    Complete,

    /// <summary>As <see cref="Complete"/>, and the file must hold nothing else: <c>load_state_dict(strict=True)</c>.</summary>
    Strict,

    /// <summary>What is there and fits is taken, the rest stays as it is: <c>load_state_dict(strict=False)</c>, which refuses other shapes.</summary>
    Lenient,
}
