using FastGrad.Benchmarks.Peers;
using FastGrad.Benchmarks.Peers.Processes;

// A process that only takes a first step parses nothing else: its start is what is measured.
return args is [FirstStep.Switch, string who] ? FirstStep.Run(who) : PeersCommand.Create().Parse(args).Invoke();
