using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace RealtimeWa;

/// <summary>Runs a test once per database; one that is not there shows as skipped with its reason.</summary>
internal sealed class EachDatabaseAttribute : DataAttribute
{
    public const string Variable = "REALTIMEWA_TEST_SQLSERVER";

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) => new(
    [
        new TheoryDataRow<Dialect>(Dialect.Sqlite),
        new TheoryDataRow<Dialect>(Dialect.SqlServer)
        {
            Skip = Environment.GetEnvironmentVariable(Variable) is null
                ? $"No SQL Server: set {Variable} to the connection string of a server where databases may be made."
                : null,
        },
    ]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
