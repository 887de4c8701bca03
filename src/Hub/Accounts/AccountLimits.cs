using System.ComponentModel.DataAnnotations;

namespace RealtimeWa;

/// <summary>The section <c>Accounts</c>.</summary>
public sealed class AccountLimits
{
    [Range(1, 1000, ErrorMessage = "Accounts:Max is how many numbers may be linked: write a whole number from 1 to 1000 (30 is usual).")]
    public int Max { get; set; } = 30;
}
