namespace FastGrad.Kernels.Convolution;

/// <summary>Puts a group's weights into the order in which tiles read them.</summary>
internal static unsafe class Weights
{
    /// <summary>
    /// to[strip][c·taps + t][i] = w[(strip·width + i)·line + c·channel + positions[t]]: strips of <paramref name="width"/> lines, each stored
    /// step by step. A bias is one step more. What a shorter last strip lacks is left as it is.
    /// </summary>
    /// <param name="w">The group's first weight.</param>
    /// <param name="line">From one output channel to the next.</param>
    /// <param name="lines">Output channels.</param>
    /// <param name="channel">From one input channel to the next.</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="positions">The kernel positions that take part.</param>
    /// <param name="width">Lines of a strip.</param>
    /// <param name="bias">Null, or what one more step holds for each output channel.</param>
    /// <param name="to">channels · taps elements, and with a bias one more, for each line of whole strips.</param>
    public static void Pack<T>(T* w, nint line, int lines, nint channel, int channels, ReadOnlySpan<int> positions, int width, T* bias, T* to)
        where T : unmanaged
    {
        for (int first = 0; first < lines; first += width, w += width * line)
        {
            int count = Math.Min(width, lines - first);
            for (int c = 0; c < channels; c++)
            {
                foreach (int position in positions)
                {
                    T* from = w + c * channel + position;
                    for (int i = 0; i < count; i++)
                        to[i] = from[i * line];
                    to += width;
                }
            }
            if (bias == null)
                continue;
            for (int i = 0; i < count; i++)
                to[i] = bias[first + i];
            to += width;
        }
    }
}
