using System.Collections;

namespace RealtimeWa.Load;

/// <summary>
/// One number per round. The first round is the warm-up, in which both sides compile what they run: it is told beside the others and counts
/// for nothing.
/// </summary>
internal sealed class Rounds : IReadOnlyList<double>
{
    private readonly List<double> counted = [];

    public double? WarmUp { get; private set; }

    public int Count => counted.Count;

    public double this[int index] => counted[index];

    public void Add(double number)
    {
        if (WarmUp is null)
        {
            WarmUp = number;
        }
        else
        {
            counted.Add(number);
        }
    }

    public IEnumerator<double> GetEnumerator() => counted.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
