import { writeSync } from 'node:fs';
import { Socket } from 'node:net';

const descriptor = 1;

/**
 * Standard output, for the protocol alone. A pipe gets a socket of our own, because that writes without blocking: while a
 * worker that was stopped reads nothing, the timers that end its leases go on. Whatever else would print there is kept away.
 */
export function openOutput(gone: () => void): (text: string, written?: () => void) => void {
  const write = open(gone);
  process.stdout.write = () => true;
  return write;
}

function open(gone: () => void): (text: string, written?: () => void) => void {
  try {
    const socket = new Socket({ fd: descriptor, readable: false, writable: true });
    socket.on('error', gone);
    return (text, written) => void socket.write(text, written);
  } catch {
    return (text, written) => { // A file or a terminal, where somebody looks at it by hand.
      writeSync(descriptor, text);
      written?.();
    };
  }
}
