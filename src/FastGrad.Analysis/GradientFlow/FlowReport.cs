using System.Globalization;
using FastGrad.Kernels.Functions;

namespace FastGrad.Analysis.GradientFlow;

/// <summary>What passes the layers of a network, forward and back.</summary>
public sealed class FlowReport
{
    /// <summary>From the last layer to the first, a gradient may change by this factor and count as steady.</summary>
    public const double Allowed = 1000;

    internal FlowReport(IReadOnlyList<LayerFlow> layers, double loss, double gradientNorm)
    {
        (Layers, Loss, GradientNorm) = (layers, loss, gradientNorm);
        double last = layers[^1].Gradient;
        Total = layers[0].Gradient / last;
        Factor = layers.Count == 1 || !(Total > 0) || !double.IsFinite(Total) ? Total : Pow<double>.At(Total, 1.0 / (layers.Count - 1));
        Verdict = Total < 1 / Allowed ? FlowVerdict.Vanishing : Total > Allowed || !double.IsFinite(Total) ? FlowVerdict.Exploding : FlowVerdict.Steady;
        LayerFlow? beyond = Verdict switch
        {
            FlowVerdict.Vanishing => layers.Last(layer => layer.Gradient < last / Allowed),
            FlowVerdict.Exploding => layers.LastOrDefault(layer => !(layer.Gradient <= last * Allowed)),
            _ => null,
        };
        (Layer, Position) = (beyond?.Name, beyond?.Position);
    }

    /// <summary>The layers, from input to output.</summary>
    public IReadOnlyList<LayerFlow> Layers { get; }

    /// <summary>The loss.</summary>
    public double Loss { get; }

    /// <summary>The norm of the gradient of all parameters: what clipping bounds.</summary>
    public double GradientNorm { get; }

    /// <summary>The gradient's norm at the first layer's output by that at the last layer's.</summary>
    public double Total { get; }

    /// <summary>By what a gradient is multiplied at each layer on its way back: the geometric mean.</summary>
    public double Factor { get; }

    /// <summary>The verdict.</summary>
    public FlowVerdict Verdict { get; }

    /// <summary>The path of the layer at which the gradient, on its way back, leaves the allowed range; null where it is steady.</summary>
    public string? Layer { get; }

    /// <summary>That layer's position, counted from the input, from 1.</summary>
    public int? Position { get; }

    /// <summary>The verdict as a sentence.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Verdict.ToString().ToLowerInvariant()}: the gradient is multiplied by {Factor:G3} a layer, by {Total:G3} from the last to the first{(Layer is null ? "" : $"; out of range at layer {Position} of {Layers.Count}, module {Layer}")}");
}
