namespace FastGrad.Autograd.Passes;

/// <summary>A rewriting of a program that changes no bit of its results.</summary>
internal interface IPass
{
    /// <summary>What dumps call it.</summary>
    string Name { get; }

    /// <summary>Whether the options ask for it.</summary>
    bool IsOn(CaptureOptions options);

    void Run(Draft draft, CaptureOptions options);
}
