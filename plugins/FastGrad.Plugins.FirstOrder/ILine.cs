namespace FastGrad.Plugins.FirstOrder;

/// <summary>A loss along a line, with room for the gradients at the two ends of an interval.</summary>
internal interface ILine
{
    /// <summary>Loss and slope at a length; the gradient there is the current one.</summary>
    (double Loss, double Slope) Evaluate(double length);

    /// <summary>Keeps the current gradient at end 0 or 1.</summary>
    void Keep(int end);

    /// <summary>Makes a kept gradient that of the step: end 0 or 1, −1 for the line's start.</summary>
    void Take(int end);
}
