using Microsoft.AspNetCore.SignalR;
using NSubstitute;
using RealtimeWa.Processes;

namespace RealtimeWa;

public sealed class FanTests
{
    [Fact]
    public async Task A_browser_whose_send_never_ends_holds_nobody()
    {
        var never = new TaskCompletionSource();
        var everyone = Substitute.For<IOperatorClient>();
        everyone.Changed(Arg.Any<IReadOnlyList<EventView>>()).Returns(never.Task);
        var clients = Substitute.For<IHubClients<IOperatorClient>>();
        clients.Group(Arg.Any<string>()).Returns(everyone);
        var fan = new Fan(new Browsers(clients));

        await Task.Run(() => Array.ForEach([1, 2, 3], _ => fan.Changed([])), TestApp.Cancel).WaitAsync(Eventually.Limit, TestApp.Cancel);

        await everyone.Received(3).Changed(Arg.Any<IReadOnlyList<EventView>>());
    }

    private sealed class Browsers(IHubClients<IOperatorClient> clients) : IHubContext<OperatorHub, IOperatorClient>
    {
        public IHubClients<IOperatorClient> Clients => clients;

        public IGroupManager Groups => throw new NotSupportedException();
    }
}
