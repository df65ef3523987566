namespace FastGrad.Legs;

/// <summary>What the platform's own mathematics gives: it differs between variants of the C library, which shows that a leg is real.</summary>
internal static class PlatformMathematics
{
    /// <summary>FNV-1a over pow at 20 000 points. glibc's FMA variant of pow differs from the plain one in about 1 of 1500.</summary>
    public static string Fingerprint()
    {
        ulong hash = 14695981039346656037;
        for (int i = 1; i <= 20_000; i++)
        {
            double power = Math.Pow(i * 0.00037, i % 97 * 0.173 - 8);
            hash = (hash ^ BitConverter.DoubleToUInt64Bits(power)) * 1099511628211;
        }
        return hash.ToString("x16");
    }
}
