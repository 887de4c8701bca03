namespace RealtimeWa;

/// <summary>Tests that hold the product to a time limit: they run one by one, after all that run side by side.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
