namespace RealtimeWa;

/// <summary>The section <c>Demo</c>, set by <c>./run --demo</c> alone: the emulated phones and the accounts that they link.</summary>
public sealed class DemoOptions
{
    /// <summary>The emulator's control API; without it there is no demo.</summary>
    public Uri? ControlUrl { get; set; }

    public IList<DemoAccount> Accounts { get; } = [];

    public sealed class DemoAccount
    {
        public string Label { get; set; } = "";

        /// <summary>Digits of the emulated phone.</summary>
        public string Phone { get; set; } = "";
    }
}
