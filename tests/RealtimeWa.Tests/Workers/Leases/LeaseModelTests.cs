using FsCheck;
using FsCheck.Fluent;

namespace RealtimeWa;

/// <summary>Random lives of workers that share a database: clocks differ, processes are stopped and go on, answers come late.</summary>
public sealed class LeaseModelTests
{
    private const int StepsOfOneLife = 100;

    [Fact]
    public async Task Two_owners_never_both_write_and_never_both_speak()
    {
        await using var workers = await LeaseWorld.OpenAsync();
        var lives = Arb.From(Gen.ArrayOf(Step(), StepsOfOneLife), Shorter);

        Prop.ForAll(lives, steps => workers.Live(steps))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Trials.Count("lease-commands") / StepsOfOneLife));

        Assert.True(workers.Written > 0 && workers.Refused > 0, "Some writes came through and some were refused.");
        Assert.Equal(await workers.NumbersAsync(), workers.Written);
    }

    private static Gen<LeaseStep> Step()
    {
        var act = Gen.Frequency(
            (4, Gen.Constant(LeaseAct.Acquire)),
            (6, Gen.Constant(LeaseAct.Renew)),
            (2, Gen.Constant(LeaseAct.RenewHeardLate)),
            (1, Gen.Constant(LeaseAct.Hear)),
            (1, Gen.Constant(LeaseAct.Release)),
            (8, Gen.Constant(LeaseAct.Write)),
            (4, Gen.Constant(LeaseAct.WriteLate)),
            (2, Gen.Constant(LeaseAct.Pause)),
            (3, Gen.Constant(LeaseAct.Resume)),
            (2, Gen.Constant(LeaseAct.Skew)),
            (8, Gen.Constant(LeaseAct.Pass)));
        return from what in act
               from worker in Gen.Choose(0, LeaseWorld.Workers - 1)
               from account in Gen.Choose(0, LeaseWorld.Accounts - 1)
               from amount in Gen.Choose(0, 12_000)
               select new LeaseStep(what, worker, account, amount);
    }

    // A failing life is told without the steps that it does not need.
    private static IEnumerable<LeaseStep[]> Shorter(LeaseStep[] steps)
    {
        for (var size = steps.Length / 2; size >= 1; size /= 2)
        {
            for (var start = 0; start + size <= steps.Length; start += size)
                yield return [.. steps[..start], .. steps[(start + size)..]];
        }
    }
}
