namespace RealtimeWa;

public sealed class OperatorStoreTests
{
    [Theory, EachDatabase]
    public async Task There_is_one_first_admin_however_many_try(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var store = data.Get<OperatorStore>();
        Assert.True(await store.IsEmpty(TestData.Cancel));

        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(number => store.CreateFirst(Someone($"a{number}@example.org"), TestData.Cancel)));

        Assert.Single(results, result => result.Succeeded);
        Assert.Single(await store.List(TestData.Cancel));
        Assert.False(await store.IsEmpty(TestData.Cancel));
    }

    [Theory, EachDatabase]
    public async Task A_person_is_kept_and_found_again(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var store = data.Get<OperatorStore>();
        var ana = Someone("ana@example.org");
        ana.Role = OperatorRole.Manager;
        ana.PasswordHash = "hash";
        ana.LockoutEnd = 77;
        Assert.True((await store.CreateAsync(ana, TestData.Cancel)).Succeeded);

        var found = await store.FindByEmailAsync("ANA@EXAMPLE.ORG", TestData.Cancel);

        Assert.Equivalent(ana, found, strict: true);
        Assert.Equal(ana.Email, (await store.FindByIdAsync(ana.Id.ToString(), TestData.Cancel))!.Email);
        Assert.Null(await store.FindByIdAsync("nobody", TestData.Cancel));
        Assert.False((await store.CreateAsync(Someone("ana@example.org"), TestData.Cancel)).Succeeded);
        await store.Seen(ana.Id, TestData.Cancel);
        Assert.Equal(data.Time.Now, (await store.Find(ana.Id, TestData.Cancel))!.LastSeenAt);
    }

    [Theory, EachDatabase]
    public async Task Of_two_changes_at_once_the_second_is_told(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var store = data.Get<OperatorStore>();
        var ana = Someone("ana@example.org");
        await store.CreateAsync(ana, TestData.Cancel);
        var other = (await store.Find(ana.Id, TestData.Cancel))!;
        ana.Name = "Ana Maria";
        other.Name = "Anna";

        Assert.True((await store.UpdateAsync(ana, TestData.Cancel)).Succeeded);
        Assert.False((await store.UpdateAsync(other, TestData.Cancel)).Succeeded);
        Assert.True((await store.UpdateAsync(ana, TestData.Cancel)).Succeeded);
        Assert.Equal("Ana Maria", (await store.Find(ana.Id, TestData.Cancel))!.Name);
    }

    [Theory, EachDatabase]
    public async Task Messages_of_a_person_who_left_stay(Dialect dialect)
    {
        await using var data = await TestData.Open(dialect);
        var store = data.Get<OperatorStore>();
        var ana = Someone("ana@example.org");
        await store.CreateAsync(ana, TestData.Cancel);
        var fence = await data.Owned();
        await data.Connects(fence);
        await data.Happens(fence, TestData.Says("W1", "hello"));
        var queued = await data.Outbox.Enqueue(new((await data.OnlyThread()).Id, "t", "hi"), ana.Id, TestData.Cancel);
        Assert.Equal("Ana", queued.Message!.Operator);

        await store.DeleteAsync(ana, TestData.Cancel);

        Assert.Null((await data.Messages.Find(queued.Message.Id, TestData.Cancel))!.Operator);
        Assert.Empty(await store.List(TestData.Cancel));
    }

    private static Operator Someone(string email) => new()
    {
        Email = email,
        NormalizedEmail = email.ToUpperInvariant(),
        Name = "Ana",
        Role = OperatorRole.Admin,
    };
}
