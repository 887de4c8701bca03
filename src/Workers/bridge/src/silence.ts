// Imported before everything else. libsignal prints sessions, private keys among them, with console.info, .warn and
// .error; and standard output carries the protocol, where a stray line would be a broken frame.
const quiet = (): void => {};

for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'dirxml', 'table', 'group', 'groupCollapsed'] as const)
  console[name] = quiet;
