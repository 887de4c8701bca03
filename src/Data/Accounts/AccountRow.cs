using System.Data.Common;

namespace RealtimeWa;

/// <summary>The columns that <see cref="AccountStore"/> selects, in their order.</summary>
internal static class AccountRow
{
    public static AccountView View(DbDataReader row) => new(
        new(row.Long(0)), row.Text(1), row.Text(2), row.TextOrNull(3), row.Flag(4), row.Long(5), row.Long(6), Session(row, 7));

    private static SessionView Session(DbDataReader row, int first) => new(
        row.Name<SessionStatus>(first),
        row.Name<QrStatus>(first + 1),
        row.Name<ReasonCode>(first + 2),
        row.Name<OperatorAction>(first + 3),
        (int)row.Long(first + 4),
        row.Long(first + 5),
        row.LongOrNull(first + 6),
        row.LongOrNull(first + 7),
        row.TextOrNull(first + 8),
        row.LongOrNull(first + 9),
        row.LongOrNull(first + 10),
        row.LongOrNull(first + 11),
        row.Long(first + 12),
        ViewJson.Read<IReadOnlyList<NoticeView>>(row.Text(first + 13)),
        row.LongOrNull(first + 14),
        row.LongOrNull(first + 15),
        row.LongOrNull(first + 16));
}
