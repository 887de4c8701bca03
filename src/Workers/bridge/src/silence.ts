// Imported before everything else. libsignal prints sessions, private keys among them, with console.info, .warn and
// .error; and standard output carries the protocol, where a stray line would be a broken frame.
const quiet = (): void => {};

for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'dirxml', 'table', 'group', 'groupCollapsed'] as const)
  console[name] = quiet;

// Baileys takes a stack trace for every frame that it sends, to show it should the frame fail. No log of ours shows one,
// so that is a tenth of a message's cost for nothing. Started with --stack-trace-limit=20, they are there for whoever looks.
const unset = 10;
if (Error.stackTraceLimit === unset)
  Error.stackTraceLimit = 0;
