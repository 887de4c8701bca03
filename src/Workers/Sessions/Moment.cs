using System.Runtime.InteropServices;

namespace RealtimeWa;

/// <summary>What the machine may know of the world: the time (UTC milliseconds) and a random number in [0, 1).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Moment(long At, double Jitter = 0.5);
