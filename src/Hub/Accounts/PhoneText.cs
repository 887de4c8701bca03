namespace RealtimeWa;

/// <summary>A number cut for the eye, as the browser does it.</summary>
public static class PhoneText
{
    // ITU E.164: 1 and 7 stand alone, these two-digit codes exist, every other code has three digits.
    private static readonly HashSet<string> TwoDigits =
    [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51", "52", "53", "54", "55",
        "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
    ];

    /// <summary><c>+40 **** 1397</c>: enough to know which number it is.</summary>
    public static string Masked(string phone) => phone.Length < 7 ? "****" : $"+{phone[..Prefix(phone)]} **** {phone[^4..]}";

    public static string Spaced(string phone)
    {
        var prefix = phone.Length < 4 ? phone.Length : Prefix(phone);
        var groups = new List<string> { $"+{phone[..prefix]}" };
        var rest = phone[prefix..];
        while (rest.Length > 4)
        {
            groups.Add(rest[..3]);
            rest = rest[3..];
        }

        groups.Add(rest);
        return string.Join(' ', groups).TrimEnd();
    }

    private static int Prefix(string phone) => phone[0] is '1' or '7' ? 1 : TwoDigits.Contains(phone[..2]) ? 2 : 3;
}
